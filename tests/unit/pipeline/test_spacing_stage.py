# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.action import HeaderChange, Plan, RemoveHeader
from postward.model.connection import Connection
from postward.model.origin import Direction
from postward.pipeline.spacing_stage import SpacingStage, spaced
from tests.unit.pipeline.passing import RAW, delivered, examination

CRAMPED = RAW.replace(b"To: Bob <bob@example.com>", b'To: "B,b" <bob@example.com>,carol@example.com')


def completed(raw, plan, *, version="8.18.1", direction=Direction.OUTBOUND):
    one = examination(raw, direction=direction)
    one.transaction.connection = Connection(address=ip_address("192.0.2.1"), mta_version=version)
    return one, SpacingStage().complete(plan, one)


def test_a_list_gets_the_blanks_that_sendmail_would_write():
    one, plan = completed(CRAMPED, Plan())
    assert b'\r\nTo: "B,b" <bob@example.com>, carol@example.com\r\n' in delivered(one, plan)


@pytest.mark.parametrize("version", ["Postfix 3.10.3", ""])
def test_other_mtas_send_what_came(version):
    plan = Plan()
    assert completed(CRAMPED, plan, version=version)[1] is plan


def test_nothing_is_known_of_an_mta_that_says_nothing_of_the_connection():
    plan = Plan()
    assert SpacingStage().complete(plan, examination(CRAMPED, direction=Direction.OUTBOUND)) is plan


def test_mail_of_others_keeps_the_form_that_they_may_have_signed():
    plan = Plan()
    assert completed(CRAMPED, plan, direction=Direction.INBOUND)[1] is plan


def test_nothing_changes_where_nothing_would():
    plan = Plan()
    assert completed(RAW, plan)[1] is plan


def test_what_a_rule_changed_or_took_off_stays_so():
    position = next(i for i, line in enumerate(CRAMPED.split(b"\r\n")) if line.startswith(b"To:"))
    change = HeaderChange(name=b"To", occurrence=1, position=position, value=b"x@example.com")
    removal = RemoveHeader(name=b"To", occurrence=1, position=position)
    for plan in (Plan(changes=(change,)), Plan(removals=(removal,))):
        assert completed(CRAMPED, plan)[1] is plan


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b" a@x,b@x", b" a@x, b@x"),
        (b" a@x,\r\n\tb@x, c@x", b" a@x,\r\n\tb@x, c@x"),
        (b' "a,b"@x,(c,d) e@x,<@p,q:f@x>', b' "a,b"@x, (c,d) e@x, <@p,q:f@x>'),
        (b" team:a@x,b@x;,c@x", b" team:a@x, b@x;, c@x"),
        (b' "a,b', b' "a,b'),
        (b" a@x,", b" a@x,"),
    ],
)
def test_blanks_come_behind_commas_between_addresses_alone(value, expected):
    assert spaced(value) == expected
    assert spaced(expected) == expected


def test_a_long_value_costs_no_more_than_its_length():
    for value in (b'"(<' * 100_000, b'\\"' * 300_000, b"(\\" * 300_000):
        assert spaced(value) == value
