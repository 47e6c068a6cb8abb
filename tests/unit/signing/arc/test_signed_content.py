# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dkim.settings import SignatureLimits
from postward.model.action import NOTHING, AddHeader, HeaderChange, Plan, RemoveHeader
from postward.model.header import HeaderField, Headers
from postward.signing.arc.signed_content import changes_signed_content

SIGNED = "DKIM-Signature: v=1; h=From:\r\n To : Subject; b=x"


def header(*fields):
    return Headers(HeaderField(*field.encode().split(b":", 1)) for field in fields)


def adding(*names):
    return Plan(additions=tuple(AddHeader(name=name, value=b"x") for name in names))


@pytest.mark.parametrize("signature", [SIGNED, SIGNED.replace("DKIM-", "ARC-Message-")])
@pytest.mark.parametrize(
    ("plan", "changed"),
    [
        (adding("SUBJECT"), True),
        (adding("X-Spam-Flag", "To"), True),
        (adding("X-Spam-Flag", "Authentication-Results"), False),
        (Plan(removals=(RemoveHeader(name=b"subject ", occurrence=1, position=3),)), True),
        (Plan(removals=(RemoveHeader(name=b"Authentication-Results", occurrence=1, position=3),)), False),
        (Plan(changes=(HeaderChange(name=b"Subject", occurrence=1, position=3, value=b"x"),)), True),
        (Plan(changes=(HeaderChange(name=b"X-Tag", occurrence=1, position=3, value=b"x"),)), False),
        (NOTHING, False),
    ],
)
def test_a_field_that_a_signature_names(signature, plan, changed):
    assert changes_signed_content(header("X: y", signature), plan) is changed


def test_any_signature_counts():
    other = "DKIM-Signature: h=from:list-id"
    assert changes_signed_content(header(SIGNED, other), adding("List-Id"))
    assert not changes_signed_content(header(SIGNED), adding("List-Id"))


def test_a_changed_body_is_signed_content_where_there_is_a_signature():
    assert changes_signed_content(header(SIGNED), Plan(new_body=b""))
    assert not changes_signed_content(header("From: a@b.example"), Plan(new_body=b""))


@pytest.mark.parametrize("value", [" h=subject; h=subject", " v=1", " subject", ""])
def test_what_cannot_be_read_covers_nothing(value):
    assert not changes_signed_content(header(f"DKIM-Signature:{value}"), adding("Subject"))


def test_only_so_much_is_read():
    assert not changes_signed_content(header(SIGNED), adding("Subject"), SignatureLimits(max_signature_bytes=10))
    many = ["DKIM-Signature: h=from"] * 100
    assert not changes_signed_content(header(*many, SIGNED), adding("Subject"))
    assert changes_signed_content(header(*many[1:], SIGNED), adding("Subject"))
