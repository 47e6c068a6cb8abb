# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.plan import FLOODED, MAX_REMOVALS
from postward.actions.submission import Mismatch, SubmissionSettings
from postward.model.action import AddHeader, Plan, RemoveHeader
from postward.model.origin import Direction
from postward.pipeline.submission_stage import SubmissionStage
from tests.unit.pipeline.passing import HOSTED, NO_DIRECTORY, OWN, RAW, delivered, examination, judge, without

DEFAULT = SubmissionSettings(message_id_domain="mx.example.org")
REPLACING = SubmissionSettings(on_from_mismatch=Mismatch.REPLACE, on_envelope_mismatch=Mismatch.REPLACE)
BARE = without(RAW, b"Date", b"Message-ID")
FOREIGN = RAW.replace(b"Alice <alice@example.org>", b"The Chief <chief@example.net>")
STAMP = AddHeader(name="X-Spam-Status", value=b"No")


def completed(one, plan, settings=DEFAULT, *, directory=NO_DIRECTORY, random=bytes):
    return SubmissionStage(settings, random).complete(plan, judge(one, directory, settings))


def lines(raw):
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_what_a_message_lacks_is_added_below_all_that_it_has():
    one = examination(BARE)
    plan = completed(one, Plan(additions=(STAMP,)), random=lambda size: b"\x01" * size)
    assert [field.name for field in plan.additions] == ["X-Spam-Status", "Date", "Message-ID"]
    found = lines(delivered(one, plan))
    assert found[0] == b"X-Spam-Status: No"
    assert found[-2] == b"Date: Fri, 15 Jan 2027 08:00:00 +0000"
    assert found[-1].startswith(b"Message-ID: <")
    assert found[-1].endswith(b"@mx.example.org>")


def test_what_a_rule_has_added_is_not_added_again():
    one, given = examination(BARE), AddHeader(name="message-id", value=b"<rule@example.org>", at_bottom=True)
    assert [field.name for field in completed(one, Plan(additions=(given,))).additions] == ["message-id", "Date"]


def test_what_it_has_stays():
    one, plan = examination(), Plan(additions=(STAMP,))
    assert completed(one, plan) == plan
    assert delivered(one, plan).endswith(RAW)


def test_nothing_is_added_where_that_is_not_wanted():
    assert completed(examination(BARE), Plan(), SubmissionSettings(complete=False)) == Plan()


@pytest.mark.parametrize("direction", [each for each in Direction if each is not Direction.OUTBOUND])
def test_mail_of_others_is_left_as_it_is(direction):
    one, plan = examination(BARE, direction=direction, sender="chief@example.net"), Plan()
    assert SubmissionStage(REPLACING, bytes).complete(plan, one) is plan


def test_a_message_whose_sender_was_never_judged_is_completed_all_the_same():
    one = examination(BARE, sender="chief@example.net")
    plan = SubmissionStage(REPLACING, bytes).complete(Plan(), one)
    assert [field.name for field in plan.additions] == ["Date", "Message-ID"]
    assert plan.new_sender is None


def test_an_author_that_is_not_allowed_is_replaced_and_the_facts_say_so():
    one = examination(FOREIGN)
    raw = delivered(one, completed(one, Plan(), REPLACING, directory=HOSTED))
    assert [line for line in lines(raw) if line.startswith(b"From:")] == [b'From: "The Chief" <alice@example.org>']
    rights = one.transaction.facts.sender_rights
    assert (rights.replaced_from, rights.author) == (OWN, OWN)
    assert rights.from_addresses == ("chief@example.net",)


def test_one_that_is_allowed_is_not():
    one = examination()
    assert completed(one, Plan(), REPLACING, directory=HOSTED) == Plan()
    assert one.transaction.facts.sender_rights.replaced_from == ""


def test_an_author_that_is_let_through_gets_a_sender_beside_him():
    one = examination(b"Sender: somebody@example.net\r\n" + FOREIGN)
    found = lines(delivered(one, completed(one, Plan(), directory=HOSTED)))
    assert found[-1] == b"Sender: alice@example.org"
    assert b"Sender: somebody@example.net" not in found
    assert b"From: The Chief <chief@example.net>" in found
    assert one.transaction.facts.sender_rights.replaced_from == ""


def test_an_envelope_sender_that_is_not_allowed_is_replaced():
    plan = completed(examination(sender="chief@example.net"), Plan(), REPLACING, directory=HOSTED)
    assert plan.new_sender == OWN


def test_an_envelope_sender_that_the_plan_has_stays_where_nothing_is_replaced():
    plan = Plan(new_sender="prvs=1@example.org")
    assert completed(examination(), plan, REPLACING, directory=HOSTED).new_sender == "prvs=1@example.org"


def test_an_author_in_a_domain_of_other_letters_is_named_as_signatures_name_it():
    login = "alice@b\u00fccher.example"
    one = examination(FOREIGN, user=login, sender=login, arguments=("SMTPUTF8",))
    completed(one, Plan(), REPLACING, directory=HOSTED)
    assert one.transaction.facts.sender_rights.author.rpartition("@")[2] == "xn--bcher-kva.example"


def flooding(removed):
    """A message whose From fields are one too many, together with what the plan removes."""
    authors = b"".join(b"From: <c%d@example.net>\r\n" % number for number in range(MAX_REMOVALS + 1 - removed))
    stale = b"X-Spam-Flag: YES\r\n" * removed
    one = examination(stale + authors + without(RAW, b"From"))
    own = tuple(RemoveHeader(name=b"X-Spam-Flag", occurrence=at + 1, position=at) for at in range(removed))
    return one, Plan(removals=own)


@pytest.mark.parametrize("removed", [0, 1, MAX_REMOVALS - 1])
def test_a_message_with_more_to_remove_than_can_be_is_refused(removed):
    one, plan = flooding(removed)
    judge(one, HOSTED, REPLACING)
    assert SubmissionStage(REPLACING, bytes).complete(plan, one) == Plan(reply=FLOODED)


def test_as_many_as_can_be_are_removed():
    one, plan = flooding(2)
    one.transaction.fields.pop(5)
    judge(one, HOSTED, REPLACING)
    found = SubmissionStage(REPLACING, bytes).complete(plan, one)
    assert len(found.removals) == MAX_REMOVALS
    assert found.reply is None
