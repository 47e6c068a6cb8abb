# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import Counter

import pytest

from postward.model.header import HeaderField, Headers
from postward.signing.signed_fields import SignedFieldSettings, signed_names

PLAIN = SignedFieldSettings(oversigned=())


def names(fields, settings=PLAIN):
    return Counter(signed_names(Headers(HeaderField(name.encode(), b" x") for name in fields), settings))


@pytest.mark.parametrize(
    "name",
    [
        "From", "Reply-To", "Subject", "Date", "To", "Cc", "Resent-Date", "Resent-From", "Resent-To", "Resent-Cc",
        "In-Reply-To", "References", "List-Id", "List-Help", "List-Unsubscribe", "List-Subscribe", "List-Post",
        "List-Owner", "List-Archive", "Message-ID", "Sender", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding", "List-Unsubscribe-Post", "CFBL-Address", "CFBL-Feedback-ID", "Feedback-ID",
    ],
)  # fmt: skip
def test_what_the_rfcs_advise_is_signed_where_it_is_there(name):
    assert names([name])[name.lower().encode()] == 1


@pytest.mark.parametrize(
    "name",
    [
        "Received", "Return-Path", "Authentication-Results", "Received-SPF", "DKIM-Signature", "ARC-Seal",
        "ARC-Message-Signature", "ARC-Authentication-Results", "Bcc", "X-Anything", "Comments", "Keywords",
    ],
)  # fmt: skip
def test_what_changes_on_the_way_is_not_signed(name):
    assert names([name, "From"]) == {b"from": 1}


def test_every_instance_is_signed_whatever_its_case():
    assert names(["From", "to", "TO ", "To"]) == {b"from": 1, b"to": 3}


def test_from_is_signed_even_where_there_is_none():
    assert names(["To"]) == {b"from": 1, b"to": 1}


def test_an_oversigned_field_is_mentioned_once_more_than_it_is_there():
    settings = SignedFieldSettings(oversigned=(b"from", b"to", b"x-own"))
    assert names(["From", "From", "X-Own", "Subject"], settings) == {b"from": 3, b"to": 1, b"x-own": 2, b"subject": 1}


def test_some_are_oversigned_only_where_they_are_there():
    settings = SignedFieldSettings(oversigned=(), oversigned_where_present=(b"sender", b"x-own"))
    assert names(["From", "Sender"], settings) == {b"from": 1, b"sender": 2}
    assert names(["From", "X-Own"], settings) == {b"from": 1, b"x-own": 2}


def test_other_fields_are_signed_where_that_is_wanted():
    assert names(["From", "X-Own"], SignedFieldSettings(oversigned=(), extra=(b"x-own", b"x-two"))) == {
        b"from": 1,
        b"x-own": 1,
    }


def test_the_order_is_always_the_same():
    headers = Headers(HeaderField(name, b" x") for name in (b"Subject", b"To", b"From"))
    assert signed_names(headers, PLAIN) == (b"from", b"to", b"subject")


def test_a_field_that_stands_thousands_of_times_does_not_make_a_list_of_thousands():
    assert names(["From", *["List-Post"] * 5000])[b"list-post"] == 50
