# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.disguised_name import CHECK
from tests.unit.checks.content.body.attaching import with_file
from tests.unit.checks.content.letters import found
from tests.unit.mime.making import zipped


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("invoice.pdf.exe", ["FILE_DOUBLE_EXTENSION"]),
        ("Scan_001.PDF.HTML", ["FILE_DOUBLE_EXTENSION"]),
        ("photo.jpg.com", ["FILE_DOUBLE_EXTENSION"]),
        ("invoice.pdf" + " " * 40 + ".exe", ["FILE_DOUBLE_EXTENSION", "FILE_NAME_DISGUISED"]),
        ("annual_\u202efdp.exe", ["FILE_NAME_DISGUISED"]),
    ],
)
def test_names_that_are_meant_to_be_misread(name, names):
    assert found(CHECK, with_file(name, b"x")) == names
    assert found(CHECK, with_file("a.zip", zipped((name, b"x")))) == names


@pytest.mark.parametrize(
    "name",
    [
        "invoice.pdf",
        "\u202aWhatsApp\u202c 1.jpg",
        "backup.tar.gz",
        "report.v2.docx",
        "setup.1.2.exe",
        "letter.doc.pdf",
        "a. b. c. letter.pdf",
        "x.pdf.zip",
    ],
)
def test_near_misses(name):
    assert found(CHECK, with_file(name, b"x")) == []
