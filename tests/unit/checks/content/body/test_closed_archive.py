# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.closed_archive import CHECK
from tests.unit.checks.content.body.attaching import with_file
from tests.unit.checks.content.letters import found
from tests.unit.mime.making import zipped
from tests.unit.mime.test_true_type import compound


def encrypted(name: str = "invoice.js") -> bytes:
    content = bytearray(zipped((name, b"secret")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1
    return bytes(content)


def test_an_archive_behind_a_password():
    assert found(CHECK, with_file("invoice.zip", encrypted())) == ["FILE_ENCRYPTED"]
    assert found(CHECK, with_file("plan.xlsx", compound("EncryptedPackage"))) == ["FILE_ENCRYPTED"]


@pytest.mark.parametrize(
    "text",
    ["See the file. Password: 7731", "The password for the archive is: x1", "Das Passwort: 1234", "Archive pass - 77"],
)
def test_and_the_password_beside_it(text):
    message = with_file("invoice.zip", encrypted(), text=text)
    assert found(CHECK, message) == ["FILE_ENCRYPTED", "FILE_PASSWORD_IN_TEXT"]


def test_a_password_that_comes_another_way():
    message = with_file("invoice.zip", encrypted(), text="I will send you the password by SMS.")
    assert found(CHECK, message) == ["FILE_ENCRYPTED"]


def test_an_open_archive():
    assert found(CHECK, with_file("a.zip", zipped(("a.txt", b"x")), text="Password: 7731")) == []
