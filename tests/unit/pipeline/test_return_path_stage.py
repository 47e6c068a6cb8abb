# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage: return path and fields of what leaves, and the way back of what returns."""

from __future__ import annotations

import pytest

from postward.actions.feedback_fields import FeedbackFieldSettings
from postward.actions.plan import FLOODED, MAX_REMOVALS
from postward.model.action import AddHeader, Plan, RemoveHeader
from postward.model.origin import Direction
from postward.model.sender_rights import Permission, SenderRights
from postward.pipeline.return_path_stage import ReturnPathStage
from postward.signing.feedback_keys import FeedbackKeys
from postward.signing.feedback_token import DAY_S, verify
from postward.signing.return_path import ReturnPaths, ReturnPathSettings, ReturnPathStyle
from tests.unit.pipeline.passing import DOMAIN, NOW_S, OWN, RAW, examination, without

KEYS = FeedbackKeys.of(b"k" * 32)
NO_FIELDS = FeedbackFieldSettings()
CFBL = FeedbackFieldSettings(cfbl_address=f"fbl@{DOMAIN}")
SETTINGS = {"domains": frozenset({DOMAIN}), "bounce_domain": f"bounce.{DOMAIN}", "deliver_to": f"bounces@{DOMAIN}"}


def paths(style):
    return ReturnPaths(ReturnPathSettings(style=ReturnPathStyle(style), **SETTINGS), KEYS)


BATV, VERP = paths("batv"), paths("verp")


def stage(return_paths=BATV, fields=NO_FIELDS, domains=(DOMAIN,)):
    return ReturnPathStage(return_paths, KEYS, fields, pool="a", domains=frozenset(domains))


def complete(one, plan=None, **more):
    return stage(**more).complete(Plan() if plan is None else plan, one)


def outgoing(raw=RAW, *, tenant="acme", **more):
    one = examination(raw, **more)
    rights = SenderRights(envelope=Permission.ALLOWED, header_from=Permission.ALLOWED, tenant=tenant)
    one.transaction.facts.sender_rights = rights
    return one


def incoming(*recipients, direction=Direction.INBOUND, sender=""):
    return examination(user="", direction=direction, sender=sender, recipients=recipients)


def token_of(plan):
    (value,) = [addition.value for addition in plan.additions if addition.name == "CFBL-Feedback-ID"]
    return verify(value.decode(), KEYS, now_s=NOW_S, max_age_days=0).token


def test_what_leaves_gets_a_return_path_that_leads_back():
    path = complete(outgoing()).new_sender
    assert path.startswith("prvs=")
    assert path.endswith(f"={OWN}")
    assert complete(incoming(path)).new_recipients == (OWN,)


def test_verp_and_the_field_bear_the_same_token():
    plan = complete(outgoing(), return_paths=VERP, fields=CFBL)
    (feedback_id,) = [each.value.decode() for each in plan.additions if each.name == "CFBL-Feedback-ID"]
    assert plan.new_sender == f"b+a.{feedback_id}@bounce.{DOMAIN}"


def test_the_token_says_whose_mail_it_is():
    token = token_of(complete(outgoing(), fields=CFBL))
    assert token.is_of_tenant("acme")
    assert token.is_to("bob@example.com")
    assert token.is_of_message(b"<1@example.org>")


def test_a_message_id_that_is_only_planned_counts():
    planned = Plan(additions=(AddHeader(name="Message-ID", value=b"<new@example.org>", at_bottom=True),))
    plan = complete(outgoing(without(RAW, b"Message-ID")), planned, fields=CFBL)
    assert token_of(plan).is_of_message(b"<new@example.org>")
    assert plan.additions[0] == planned.additions[0]
    assert token_of(complete(outgoing(without(RAW, b"Message-ID")), fields=CFBL)).is_of_message(b"")


def test_nobody_is_a_tenant_where_no_right_was_judged():
    assert token_of(complete(examination(), fields=CFBL)).is_of_tenant("")


def test_the_senders_own_address_is_what_is_replaced_where_it_stands_in():
    plan = complete(outgoing(sender="chief@example.net"), Plan(new_sender=OWN))
    assert plan.new_sender.endswith(f"={OWN}")


@pytest.mark.parametrize("sender", ["", "chief@example.net", '"a b"@example.org'])
def test_other_senders_keep_their_path(sender):
    assert complete(outgoing(sender=sender)) == Plan()


def test_a_return_path_is_never_put_around_another():
    path = complete(outgoing()).new_sender
    assert complete(outgoing(sender=path)) == Plan()


def test_the_null_path_gets_neither_path_nor_fields():
    assert complete(outgoing(sender=""), fields=CFBL, domains=()) == Plan()


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.LOOPBACK])
def test_only_our_own_users_mail_gets_any(direction):
    assert complete(examination(direction=direction), fields=CFBL) == Plan()


def test_fields_alone_for_all_mail_where_no_domain_is_named():
    plan = complete(outgoing(sender="chief@example.net"), return_paths=None, fields=CFBL, domains=())
    assert plan.new_sender is None
    assert [addition.name for addition in plan.additions] == ["CFBL-Address", "CFBL-Feedback-ID"]
    assert complete(outgoing(sender="chief@example.net"), return_paths=None, fields=CFBL) == Plan()


def test_fields_that_the_user_wrote_go():
    plan = complete(outgoing(b"CFBL-Address: eve@x.example\r\n" + RAW), fields=CFBL)
    assert plan.removals == (RemoveHeader(name=b"CFBL-Address", occurrence=1, position=0),)


def test_more_of_them_than_can_be_removed_are_refused():
    flood = b"CFBL-Address: x\r\n" * (MAX_REMOVALS + 1)
    assert complete(outgoing(flood + RAW), fields=CFBL) == Plan(reply=FLOODED)


def test_a_bounce_goes_to_whom_it_is_for():
    path = complete(outgoing()).new_sender
    plan = complete(incoming("other@example.org", path))
    assert plan == Plan(new_recipients=(OWN,), dropped_recipients=(path,))


def test_a_bounce_to_a_token_goes_to_who_looks_after_bounces():
    path = complete(outgoing(), return_paths=VERP).new_sender
    assert complete(incoming(path), return_paths=VERP).new_recipients == (f"bounces@{DOMAIN}",)


@pytest.mark.parametrize("sender", ["", "bob@example.com"])
@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.LOOPBACK, Direction.OUTBOUND])
def test_whoever_answers(sender, direction):
    path = complete(outgoing()).new_sender
    assert complete(incoming(path, direction=direction, sender=sender)).dropped_recipients == (path,)


def test_nobody_gets_a_bounce_twice():
    path = complete(outgoing()).new_sender
    assert complete(incoming(path, OWN)) == Plan(dropped_recipients=(path,))
    assert complete(incoming(path, path)).new_recipients == (OWN,)
    archived = complete(incoming(path), Plan(new_recipients=(OWN, "archive@example.org")))
    assert archived.new_recipients == (OWN, "archive@example.org")


def test_what_is_forged_or_expired_is_left_as_it_is():
    path = complete(outgoing()).new_sender
    assert complete(incoming(path.replace("alice@", "chief@"), f"prvs=0000000000={OWN}")) == Plan()
    late = incoming(path)
    late.now_s += 11 * DAY_S
    assert complete(late) == Plan()


def test_a_return_path_that_a_rule_takes_off_does_not_come_back_as_its_owner():
    path = complete(outgoing()).new_sender
    plan = complete(incoming(path), Plan(dropped_recipients=(path,)))
    assert (plan.new_recipients, plan.dropped_recipients) == ((), (path,))


def test_whoever_gets_a_silent_copy_already_is_not_added_again():
    path = complete(outgoing()).new_sender
    assert complete(incoming(path), Plan(silent_recipients=(OWN,))).new_recipients == ()
