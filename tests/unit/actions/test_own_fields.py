# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.own_fields import forged_fields, note_unread
from postward.model.header import HeaderField, Headers
from postward.model.transaction import Transaction


def removed(*fields, **options):
    headers = Headers(HeaderField(name, value) for name, value in fields)
    return [
        (removal.name, removal.occurrence, removal.position)
        for removal in forged_fields(headers, "mx.example.com", **options)
    ]


def test_only_results_under_our_own_id_are_removed():
    assert removed(
        (b"Authentication-Results", b" other.example; spf=pass"),
        (b"authentication-RESULTS", b" (c) MX.example.com ; dkim=pass"),
        (b"Subject", b" x"),
        (b"Authentication-Results ", b' "mx.example.com"; spf=pass'),
    ) == [(b"authentication-RESULTS", 2, 1), (b"Authentication-Results ", 3, 3)]


def test_our_spam_and_other_own_fields_are_removed():
    ours = [b"X-Spam-Flag", b"x-spam-anything", b"X-Postward-Pass", b"X-Postward-Reason", b"X-VIRUS-Status"]
    others = [b"X-Spammer", b"X-Virus-Status-Of-Another", b"X-Virus"]
    assert [name for name, *_ in removed(*((name, b" x") for name in (*ours, *others)))] == ours


def test_results_under_sub_domains_of_our_id_are_removed_only_on_demand():
    field = (b"Authentication-Results", b" in.mx.example.com; spf=pass")
    assert removed(field) == []
    assert len(removed(field, remove_subdomain_results=True)) == 1


@pytest.mark.parametrize("names", [1, 2, 100, 5_000])
def test_a_thousand_fields_beyond_the_bounds_are_noted_whatever_their_names(names):
    transaction = Transaction("1", started_s=0.0)
    for number in range(1_000):
        assert not transaction.is_flooded
        note_unread(transaction, b"X-Spam-%d" % (number % names))
        note_unread(transaction, b"X-Other")
    assert sum(transaction.unread_fields.values()) == 1_000
    note_unread(transaction, b"X-Spam-0")
    assert transaction.is_flooded
    assert sum(transaction.unread_fields.values()) == 1_000
