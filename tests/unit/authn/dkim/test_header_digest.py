# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hashlib import sha256

import pytest

from postward.authn.dkim.header_digest import HeaderDigests
from postward.model.header import HeaderField, Headers

HEADERS = Headers(
    [
        HeaderField(b"DKIM-Signature", b" v=1; b=abc"),
        HeaderField(b"Received", b" one"),
        HeaderField(b"Received ", b" two"),
        HeaderField(b"From", b" ann  @example.org"),
        HeaderField(b"DKIM-Signature", b" v=1; b=xyz"),
    ]
)
SIGNATURE = b"dkim-signature:v=1; b="


@pytest.mark.parametrize(
    ("names", "signed"),
    [
        ((), b""),
        ((b"from",), b"from:ann @example.org\r\n"),
        ((b"received",), b"received:two\r\n"),
        ((b"received", b"received"), b"received:two\r\nreceived:one\r\n"),
        ((b"received", b"received", b"received"), b"received:two\r\nreceived:one\r\n"),
        ((b"received", b"from", b"received"), b"received:two\r\nfrom:ann @example.org\r\nreceived:one\r\n"),
        ((b"from", b"from", b"to"), b"from:ann @example.org\r\n"),
        ((b"dkim-signature",), b"dkim-signature:v=1; b=xyz\r\n"),
        ((b"dkim-signature", b"dkim-signature"), b"dkim-signature:v=1; b=xyz\r\n"),
    ],
)
def test_fields_are_taken_from_the_bottom(names, signed):
    digest = HeaderDigests(HEADERS).digest(names, "relaxed", 0)
    assert digest == sha256(signed + SIGNATURE).digest()


def test_the_own_field_is_left_out_wherever_it_stands():
    digest = HeaderDigests(HEADERS).digest((b"dkim-signature",), "relaxed", 4)
    assert digest == sha256(b"dkim-signature:v=1; b=abc\r\n" + SIGNATURE).digest()


def test_simple_keeps_every_octet():
    digest = HeaderDigests(HEADERS).digest((b"received", b"from"), "simple", 0)
    signed = b"Received : two\r\nFrom: ann  @example.org\r\nDKIM-Signature: v=1; b="
    assert digest == sha256(signed).digest()


def test_relaxed_fields_are_remembered():
    digests = HeaderDigests(HEADERS)
    assert digests.field(3, "relaxed") is digests.field(3, "relaxed")
