# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies made to cost: in one pass, within the bounds of time and memory."""

from __future__ import annotations

import pytest

from tests.signatures.signer import sign_dkim
from tests.worst.ordeal import deliver, split

MEGABYTE = 1_000_000


def sent(milter, body: bytes):
    head = b"From: ann@example.org\r\nTo: b@example.net\r\nSubject: x\r\nDate: x\r\n\r\n"
    return deliver(milter, *split(sign_dkim(head + body))).check()


NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1_000))
BODIES = {
    "spaces": b"a" + b" " * MEGABYTE + b"b\r\n",
    "spaces at the end": b"a" + b" " * MEGABYTE,
    "tabs and spaces": b" \t" * MEGABYTE + b"\r\n",
    "empty lines": b"\r\n" * MEGABYTE + b"x\r\n",
    "empty lines at the end": b"x\r\n" + b"\r\n" * MEGABYTE,
    "lines of white space": b" \r\n" * (MEGABYTE // 3) + b"x\r\n",
    "one line": b"x" * 5 * MEGABYTE,
    "ten thousand parts": b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 10_000 + b"--b--\r\n",
    "nested a thousand times": NESTED + b"x\r\n",
    "no line at all": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_signed_body_is_verified(milter, body):
    assert "dkim=pass" in sent(milter, body).results


ODD = {
    "NUL": b"a\0b\r\n" * 200_000,
    "CR": b"a\rb\r\n" * 200_000,
    "LF": b"a\nb\r\n" * 200_000,
    "all CR": b"\r" * MEGABYTE,
    "all LF": b"\n" * MEGABYTE,
    "all NUL": b"\0" * MEGABYTE,
    "two CR": b"\r\r\n" * 300_000,
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_octets_that_no_mail_should_have(milter, body):
    fields = [(b"From", b" service@bank.example"), (b"Subject", b" a\rb"), (b"X\rY", b" 1"), (b"\xff", b" 1")]
    assert "dkim=none" in deliver(milter, fields, body).check().results


def test_two_thousand_recipients(milter):
    outcome = deliver(milter, [(b"From", b" service@bank.example")], recipients=2_000).check()
    assert " rcpts=2000 " in outcome.line
