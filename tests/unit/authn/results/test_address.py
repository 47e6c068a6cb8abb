# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.results.address import shown_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("a.b+c=d@Example.com", "a.b+c=d@example.com"),
        ("@example.com", "@example.com"),
        ("a@b\xfccher.example", "a@xn--bcher-kva.example"),
        ("a@[192.0.2.1]", "a@[192.0.2.1]"),
    ],
)
def test_shown_with_a_labels(address, shown):
    assert shown_address(address) == shown


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "a@b..example", '"a b"@example.com', "a@bank.example@example.com", "(c)a@example.com",
     "a b@example.com", "j\xfcrgen@example.com", "a\x00@example.com", "a" * 310 + "@example.com", "a@\udcff"],
)  # fmt: skip
def test_what_cannot_be_shown_whole_and_unmistakable(address):
    assert shown_address(address) == ""


def test_internationalized():
    assert shown_address("j\xfcrgen@b\xfccher.example", smtputf8=True) == "j\xfcrgen@b\xfccher.example"
    assert shown_address("\xfc" * 160 + "@example.com", smtputf8=True) == ""
