# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.submission import Mismatch, MultipleFrom, SubmissionSettings
from postward.model.action import AddHeader, HeaderChange, Plan, RemoveHeader
from postward.model.origin import Direction
from postward.model.verdict import Decision, Verdict
from postward.pipeline.plan_stage import PlanStages
from postward.pipeline.signing_stage import SigningStage
from postward.pipeline.submission_stage import SubmissionStage
from postward.signing.dkim_sign import DkimSigningSettings
from postward.signing.signed_fields import SignedFieldSettings
from tests.unit.pipeline.passing import (
    HOSTED,
    NO_DIRECTORY,
    RAW,
    binding,
    delivered,
    examination,
    judge,
    keyring,
    unusable,
    verdicts,
    without,
)

SIGNING = DkimSigningSettings(fields=SignedFieldSettings(oversigned=(b"from", b"date", b"message-id", b"subject")))
RING = keyring(binding("rsa2048"))
NOTHING_YET = Plan()
DEFAULT = SubmissionSettings()
STAMP = AddHeader(name="X-Spam-Status", value=b"No")


def stage(ring=RING, *, defers=True):
    return SigningStage(ring, SIGNING, defers_on_unusable=defers)


def signed(one, plan=NOTHING_YET, *, ring=RING, defers=True):
    return stage(ring, defers=defers).complete(plan, one)


def judged(raw=RAW, *, directory=NO_DIRECTORY, settings=DEFAULT, **more):
    return judge(examination(raw, **more), directory, settings)


def test_the_signature_stands_on_top_and_verifies():
    one = judged()
    plan = signed(one, Plan(additions=(STAMP,)))
    raw = delivered(one, plan)
    assert raw.startswith(b"DKIM-Signature: v=1; a=rsa-sha256;")
    assert verdicts(raw) == ["pass"]
    assert one.transaction.signing.signed_by == ("example.org:rsa2048",)
    assert one.transaction.signing.unsigned_reason == ""


def test_each_key_of_the_domain_signs():
    one = judged()
    raw = delivered(one, signed(one, ring=keyring(binding("rsa2048"), binding("ed25519"))))
    assert verdicts(raw) == ["pass", "pass"]
    assert one.transaction.signing.signed_by == ("example.org:rsa2048", "example.org:ed25519")


@pytest.mark.parametrize("change", [(b"The minutes", b"The hours"), (b"here", b"there"), (b"Alice", b"Mallory")])
def test_the_signature_covers_header_and_body(change):
    one = judged()
    assert verdicts(delivered(one, signed(one)).replace(*change)) == ["fail"]


@pytest.mark.parametrize("name", [b"Date", b"Message-ID"])
def test_what_we_complete_is_covered(name):
    one = judged(without(RAW, b"Date", b"Message-ID"))
    both = PlanStages(SubmissionStage(SubmissionSettings(message_id_domain="example.org"), bytes), stage())
    raw = delivered(one, both.complete(Plan(), one))
    assert verdicts(raw) == ["pass"]
    (line,) = [line for line in raw.split(b"\r\n") if line.startswith(name + b":")]
    assert verdicts(raw.replace(line, line + b"x")) == ["fail"]
    assert verdicts(raw.replace(line + b"\r\n", b"")) == ["fail"]


def test_fields_of_ours_that_are_removed_are_not_covered():
    one = judged(b"Subject: away\r\n" + RAW)
    removal = RemoveHeader(name=b"Subject", occurrence=1, position=0)
    raw = delivered(one, signed(one, Plan(removals=(removal,))))
    assert b"away" not in raw
    assert verdicts(raw) == ["pass"]


@pytest.mark.parametrize("direction", [each for each in Direction if each is not Direction.OUTBOUND])
def test_nothing_else_than_mail_of_our_own_users_is_signed(direction):
    one = judged()
    one.transaction.origin = examination(direction=direction).transaction.origin
    plan = Plan(additions=(STAMP,))
    assert signed(one, plan) is plan
    assert one.transaction.signing is None


@pytest.mark.parametrize("direction", [each for each in Direction if each is not Direction.OUTBOUND])
def test_nor_does_the_mail_of_others_wait_for_keys_that_cannot_be_used(direction):
    one = judged()
    one.transaction.origin = examination(direction=direction).transaction.origin
    assert signed(one, ring=keyring(unusable())).reply is None


def reasons(one, plan):
    assert signed(one, plan) is plan
    assert not one.transaction.signing.signed_by
    return one.transaction.signing.unsigned_reason


def test_a_domain_without_key_goes_unsigned():
    one = judged(RAW.replace(b"alice@example.org", b"alice@example.com"))
    assert reasons(one, Plan()) == "example.com has no key"


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.DEFER])
def test_what_is_refused_is_not_signed(verdict):
    one = judged()
    one.transaction.decision = Decision(verdict=verdict, reason="r")
    assert reasons(one, Plan()) == "refused"


def test_what_the_check_of_the_sender_never_saw_is_not_signed():
    one = examination()
    assert reasons(one, Plan()) == "its sender could not be judged"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (without(RAW, b"From"), "no From field"),
        (b"From: Eve <eve@example.org>\r\n" + RAW, "more than one From field"),
        (RAW.replace(b"<alice@example.org>", b"<alice@example.org>, eve@example.com"), "more than one author"),
        (RAW.replace(b"Alice <alice@example.org>", b"<alice@example.org"), "From cannot be read"),
    ],
)
def test_without_one_certain_author_nobody_signs(raw, reason):
    assert reasons(judged(raw), Plan()) == reason


FOREIGN = RAW.replace(b"alice@example.org", b"chief@example.net")
REPLACING = SubmissionSettings(on_from_mismatch=Mismatch.REPLACE, on_multiple_from=MultipleFrom.ACCEPT)


def test_an_author_whom_the_sender_may_not_use_is_let_through_without_a_signature():
    ring = keyring(binding("rsa2048", "example.net"))
    one = judged(FOREIGN, directory=HOSTED)
    assert one.transaction.decision.verdict is Verdict.HAM
    plan = signed(one, ring=ring)
    assert plan.additions == ()
    assert one.transaction.signing.unsigned_reason == "the sender may not use the address in From"


@pytest.mark.parametrize("raw", [FOREIGN, b"From: <other@example.net>\r\n" + FOREIGN])
def test_an_author_who_is_replaced_signs_as_the_one_in_his_place(raw):
    one = judged(raw, directory=HOSTED, settings=REPLACING)
    ring = keyring(binding("rsa2048"), binding("rsa2048", "example.net"))
    both = PlanStages(SubmissionStage(REPLACING, bytes), stage(ring))
    message = delivered(one, both.complete(Plan(), one))
    assert b"chief@example.net" not in message
    assert verdicts(message) == ["pass"]
    assert one.transaction.signing.signed_by == ("example.org:rsa2048",)


def test_a_key_of_another_tenant_does_not_sign():
    ring = keyring(binding("rsa2048", tenant="acme"))
    one = judged(directory=HOSTED)
    signed(one, ring=ring)
    assert one.transaction.signing.signed_by == ("example.org:rsa2048",)
    nobodys = judged()
    assert signed(nobodys, ring=ring).additions == ()
    assert nobodys.transaction.signing.unsigned_reason == "example.org has no key"


def test_mail_of_a_domain_whose_keys_cannot_be_used_waits():
    one = judged()
    plan = signed(one, Plan(additions=(STAMP,), new_recipients=("archive@example.org",)), ring=keyring(unusable()))
    assert (plan.reply.code, plan.reply.enhanced) == (451, "4.7.5")
    assert plan == Plan(reply=plan.reply)
    assert one.transaction.signing.keys_unusable
    assert one.transaction.signing.unsigned_reason == "none of the keys of example.org can be used"


def test_or_it_goes_unsigned():
    one = judged()
    plan = Plan(additions=(STAMP,))
    assert signed(one, plan, ring=keyring(unusable()), defers=False) is plan
    assert one.transaction.signing.keys_unusable


def test_one_key_that_can_be_used_is_enough():
    one = judged()
    assert verdicts(delivered(one, signed(one, ring=keyring(unusable(), binding("rsa2048"))))) == ["pass"]
    assert not one.transaction.signing.keys_unusable


def test_what_must_not_be_signed_does_not_wait_for_keys_either():
    one = judged(without(RAW, b"From"))
    assert signed(one, ring=keyring(unusable())).reply is None


def test_the_signature_is_of_the_body_and_the_fields_that_are_delivered():
    one = judged()
    subject = HeaderChange(name=b"Subject", occurrence=1, position=3, value=b"[EXT] The minutes")
    raw = delivered(one, signed(one, Plan(changes=(subject,), new_body=b"Another\r\nbody.\r\n")))
    assert b"\r\nSubject: [EXT] The minutes\r\n" in raw
    assert raw.endswith(b"\r\n\r\nAnother\r\nbody.\r\n")
    assert verdicts(raw) == ["pass"]


def test_a_body_that_is_taken_away_is_signed_as_the_empty_line_that_stays():
    one = judged()
    for form in ("simple", "relaxed"):
        settings = DkimSigningSettings(body_canonicalization=form)
        plan = SigningStage(RING, settings, defers_on_unusable=True).complete(Plan(new_body=b""), one)
        assert verdicts(delivered(one, plan)) == ["pass"]
