# SPDX-License-Identifier: GPL-3.0-or-later
"""Feedback fields: ours, and none that a message brought along."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.actions.feedback_fields import FeedbackFieldSettings, feedback_fields
from postward.model.header import HeaderField, Headers

BOTH = FeedbackFieldSettings(cfbl_address="fbl@example.com", feedback_id="example-1")
TOKEN = "a" * 50


def fields(*brought, settings=BOTH, tenant="acme"):
    headers = Headers([HeaderField(name, b" " + value) for name, value in brought])
    return feedback_fields(headers, settings, token=TOKEN, tenant=tenant)


def values(found):
    assert all(addition.at_bottom for addition in found.additions)
    return {addition.name: addition.value for addition in found.additions}


def feedback_id(*brought, **more):
    return values(fields(*brought, **more))["Feedback-ID"]


def test_all_of_them():
    assert values(fields()) == {
        "CFBL-Address": b"fbl@example.com; report=arf",
        "CFBL-Feedback-ID": TOKEN.encode(),
        "Feedback-ID": b":acme:mail:example-1",
    }


def test_each_is_added_only_where_it_is_asked_for():
    assert values(fields(settings=FeedbackFieldSettings())) == {}
    assert list(values(fields(settings=FeedbackFieldSettings(feedback_id="example-1")))) == ["Feedback-ID"]
    only = FeedbackFieldSettings(cfbl_address="fbl@example.com")
    assert list(values(fields(settings=only))) == ["CFBL-Address", "CFBL-Feedback-ID"]


BROUGHT = (
    (b"CFBL-Address", b"eve@x"),
    (b"Subject", b"s"),
    (b"feedback-id ", b"spring:other:x:y"),
    (b"CFBL-ADDRESS", b"z"),
)


def test_what_a_message_brings_along_is_removed():
    removed = [(each.name, each.occurrence, each.position) for each in fields(*BROUGHT).removals]
    assert removed == [(b"CFBL-Address", 1, 0), (b"CFBL-ADDRESS", 2, 3), (b"feedback-id ", 1, 2)]


def test_it_stays_where_we_write_none():
    only = FeedbackFieldSettings(feedback_id="example-1")
    assert [each.position for each in fields(*BROUGHT, settings=only).removals] == [2]
    assert fields(*BROUGHT, settings=FeedbackFieldSettings()).removals == ()


def test_the_campaign_is_what_the_message_says_and_the_tenant_is_not():
    assert feedback_id(*BROUGHT) == b"spring:acme:mail:example-1"


@pytest.mark.parametrize("campaign", [b"a b", b"x" * 41, b"a\r\n b", b"\xff", b"<script>"])
def test_a_campaign_that_could_not_stand_there_is_left_out(campaign):
    assert feedback_id((b"Feedback-ID", campaign + b":t:m:s")) == b":acme:mail:example-1"


@pytest.mark.parametrize("name", [b"List-Id", b"list-unsubscribe"])
def test_mail_to_many_is_told_from_other_mail(name):
    assert feedback_id((name, b"<x>")) == b":acme:bulk:example-1"


def test_without_a_tenant_its_place_is_empty():
    assert feedback_id(tenant="") == b"::mail:example-1"


@given(tenant=st.text(min_size=1), campaign=st.binary())
def test_nothing_from_outside_breaks_the_field(tenant, campaign):
    value = feedback_id((b"Feedback-ID", campaign), tenant=tenant)
    parts = value.split(b":")
    assert len(parts) == 4
    assert parts[1]
    assert value.isascii()
    assert value.decode().isprintable()
    assert b" " not in value
    assert feedback_id(tenant=tenant).split(b":")[1] == parts[1]
