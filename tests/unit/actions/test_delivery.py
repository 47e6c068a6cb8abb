# SPDX-License-Identifier: GPL-3.0-or-later
"""The message as the MTA would deliver it: the same octets as those that the milter's calls lead to."""

from __future__ import annotations

import pytest

from postward.actions.delivery import delivered_message
from postward.model.action import AddHeader, HeaderChange, Plan, RemoveHeader
from postward.model.header import HeaderField
from postward.model.transaction import Transaction


@pytest.fixture
def transaction():
    message = Transaction("t1", started_s=0.0)
    message.fields += [HeaderField(name, b" " + name.lower()) for name in (b"Received", b"From", b"Subject")]
    message.body.append(b"one\r\n")
    message.body.append(b"two\r\n")
    return message


def added(name, index=0):
    return AddHeader(name=name, value=b"new", index=index)


def names(message):
    return [line.partition(b":")[0] for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")]


def test_an_empty_plan_leaves_every_octet(transaction):
    whole = b"Received: received\r\nFrom: from\r\nSubject: subject\r\n\r\none\r\ntwo\r\n"
    assert delivered_message(transaction, Plan()) == whole


def test_fields_of_one_index_stand_in_the_order_of_the_plan(transaction):
    plan = Plan(additions=(added("X-A"), added("X-B")))
    assert names(delivered_message(transaction, plan)) == [b"X-A", b"X-B", b"Received", b"From", b"Subject"]


def test_a_field_lands_where_its_index_says(transaction):
    plan = Plan(additions=(added("X-A"), added("X-B", index=1)))
    assert names(delivered_message(transaction, plan)) == [b"X-A", b"Received", b"X-B", b"From", b"Subject"]


def test_removals_go_by_the_position_in_the_message_as_it_came(transaction):
    plan = Plan(removals=(RemoveHeader(name=b"From", occurrence=1, position=1),), additions=(added("X-A"),))
    assert names(delivered_message(transaction, plan)) == [b"X-A", b"Received", b"Subject"]


def test_fields_at_the_bottom_stand_below_all_that_came(transaction):
    bottom = [AddHeader(name=name, value=b"new", at_bottom=True) for name in ("Date", "Message-ID")]
    plan = Plan(additions=(bottom[0], added("X-A"), bottom[1]))
    assert names(delivered_message(transaction, plan)) == [
        b"X-A", b"Received", b"From", b"Subject", b"Date", b"Message-ID",
    ]  # fmt: skip


def changed(name, position, value=b"new"):
    return HeaderChange(name=name, occurrence=1, position=position, value=value)


def test_a_changed_field_stays_where_it_is_also_beside_removals_and_additions(transaction):
    plan = Plan(
        changes=(changed(b"Subject ", 2, b"[EXT]\r\n subject"),),
        removals=(RemoveHeader(name=b"From", occurrence=1, position=1),),
        additions=(added("X-A"),),
    )
    assert delivered_message(transaction, plan) == (
        b"X-A: new\r\nReceived: received\r\nSubject: [EXT]\r\n subject\r\n\r\none\r\ntwo\r\n"
    )


def test_a_field_that_is_both_changed_and_removed_is_gone(transaction):
    plan = Plan(changes=(changed(b"From", 1),), removals=(RemoveHeader(name=b"From", occurrence=1, position=1),))
    assert names(delivered_message(transaction, plan)) == [b"Received", b"Subject"]


@pytest.mark.parametrize(("new_body", "body"), [(b"three\r\n", b"three\r\n"), (b"", b"\r\n")])
def test_another_body_takes_the_place_of_the_whole(transaction, new_body, body):
    assert delivered_message(transaction, Plan(new_body=new_body)).partition(b"\r\n\r\n")[2] == body
