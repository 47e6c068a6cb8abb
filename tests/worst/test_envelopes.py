# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and paths of a megabyte, which no MTA lets through and a broken one might."""

from __future__ import annotations

import pytest

from tests.worst.ordeal import deliver

MEGABYTE = 1_000_000
AUTHOR = (b"From", b" service@bank.example")


GREETINGS = {
    "letters": b"a" * MEGABYTE,
    "labels": b"a." * (MEGABYTE // 2),
    "umlauts": b"\xc3\xa4." * 300_000,
    "octets": b"\xff" * MEGABYTE,
    "brackets": b"[" * MEGABYTE,
    "colons": b"[IPv6:" + b":" * MEGABYTE,
}


@pytest.mark.parametrize("name", GREETINGS.values(), ids=GREETINGS)
def test_a_greeting_of_a_megabyte(milter, name):
    assert "spf=pass smtp.mailfrom=service@bank.example" in deliver(milter, [AUTHOR], helo=name).check().results


@pytest.mark.parametrize(
    "path",
    [
        b"<" + b"a" * MEGABYTE + b"@bank.example>",
        b"<a@" + b"b." * (MEGABYTE // 2) + b"example>",
        b"<" + b"@" * MEGABYTE + b">",
        b"<" + b"@a," * 300_000 + b":x@bank.example>",
        b"<" + b'"' * MEGABYTE + b"@bank.example>",
        b"<" + b"\xff" * MEGABYTE + b"@bank.example>",
        b"<" * MEGABYTE,
    ],
    ids=["local-part", "domain", "at-signs", "route", "quotes", "octets", "brackets"],
)
def test_a_sender_of_a_megabyte(milter, path):
    outcome = deliver(milter, [AUTHOR], mail_from=path).check()
    assert "spf=" in outcome.results


def test_a_sender_of_a_megabyte_and_a_record_of_macros(milter):
    for letters in (b"a." * (MEGABYTE // 2), b"a" * MEGABYTE, b"a-+/" * (MEGABYTE // 4)):
        outcome = deliver(milter, [AUTHOR], mail_from=b"<" + letters + b"@macros.example>").check()
        assert "spf=" in outcome.results
