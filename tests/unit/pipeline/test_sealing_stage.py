# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.arc import ArcSettings
from postward.authn.dkim import DkimSettings
from postward.checks.arc import ArcCheck
from postward.checks.dkim import DkimCheck
from postward.errors import StageError
from postward.model.action import AddHeader, HeaderChange, Plan, RemoveHeader
from postward.model.arc import ArcStatus
from postward.model.origin import Direction
from postward.model.rule_action import Quarantine
from postward.model.rule_outcome import Deposit, DepositKind, RuleOutcome, RuleResult
from postward.model.verdict import Decision, Verdict
from postward.pipeline.sealing_stage import SealingSettings, SealingStage
from postward.signing.arc import Sealer, SealWhen
from postward.signing.loaded_key import LoadedKey, PrivateKey
from tests.mailhost.signing import SigningDomain
from tests.signatures import keys
from tests.unit.pipeline.passing import (
    HOSTED,
    NO_DIRECTORY,
    RAW,
    chain,
    delivered,
    examination,
)

SEALING_DOMAIN = "gateway.example"
SEALER = Sealer(
    key=LoadedKey(domain=SEALING_DOMAIN, selector="rsa2048", private_key=PrivateKey(keys.private_key("rsa2048")))
)
ALWAYS = frozenset({SealWhen.ALWAYS})
FORWARDED = frozenset({SealWhen.FORWARDED})
MODIFIED = frozenset({SealWhen.MODIFIED})
RESULTS = AddHeader(name="Authentication-Results", value=b"mx.gateway.example; arc=none")
NOTHING_YET = Plan()
STRANGER = "ann@example.com"


def arrived(raw=RAW, *, recipients=("alice@example.org",), direction=Direction.INBOUND):
    """A message from outside that was checked and found good."""
    one = examination(raw, direction=direction, user="", sender=STRANGER, recipients=recipients)
    for check in (DkimCheck(DkimSettings()), ArcCheck(ArcSettings())):
        check.run(one)
    one.transaction.decision = Decision(verdict=Verdict.HAM, reason="r")
    return one


def sealed(one, plan=NOTHING_YET, *, when=ALWAYS, directory=HOSTED, sealer=SEALER):
    settings = SealingSettings(when=when, authserv_id="mx.gateway.example", sealer=sealer)
    return SealingStage(settings, directory).complete(plan, one)


def is_sealed(one, plan=NOTHING_YET, **more):
    found = sealed(one, plan, **more)
    assert (found is plan) is (one.transaction.signing is None)
    return any(field.name == "ARC-Seal" for field in found.additions)


def names(raw):
    return [line.partition(b":")[0] for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1].strip()]


def test_the_set_stands_above_all_else_and_holds():
    one = arrived()
    raw = delivered(one, sealed(one, Plan(additions=(RESULTS,))))
    assert names(raw)[:4] == [
        b"ARC-Seal",
        b"ARC-Message-Signature",
        b"ARC-Authentication-Results",
        b"Authentication-Results",
    ]
    assert chain(raw, SEALING_DOMAIN).status is ArcStatus.PASS
    assert one.transaction.signing.sealed_by == "gateway.example:rsa2048"
    assert one.transaction.signing.unsealed_reason == ""


def test_the_set_covers_the_message_as_we_have_changed_it():
    one = arrived(b"Subject: away\r\n" + RAW)
    plan = Plan(
        removals=(RemoveHeader(name=b"Subject", occurrence=1, position=0),),
        additions=(AddHeader(name="Reply-To", value=b"list@gateway.example", at_bottom=True),),
    )
    raw = delivered(one, sealed(one, plan))
    assert b"away" not in raw
    assert chain(raw, SEALING_DOMAIN).status is ArcStatus.PASS
    assert chain(raw.replace(b"list@", b"lost@"), SEALING_DOMAIN).status is ArcStatus.FAIL
    assert chain(raw.replace(b"here", b"there"), SEALING_DOMAIN).status is ArcStatus.FAIL


def test_the_results_are_in_it_where_the_message_has_none_of_them():
    one = arrived()
    raw = delivered(one, sealed(one))
    assert b"ARC-Authentication-Results: i=1; mx.gateway.example;" in raw
    assert b"dkim=none" in raw
    assert b"\r\nAuthentication-Results:" not in raw


def test_without_any_result_it_says_none():
    one = arrived()
    one.transaction.facts.dkim = None
    results = next(field.value for field in sealed(one).additions if field.name == "ARC-Authentication-Results")
    assert results.startswith(b"i=1; mx.gateway.example; arc=none")


def test_a_set_that_came_is_continued():
    first = arrived()
    second = arrived(delivered(first, sealed(first)))
    second.transaction.facts.arc = chain(delivered(second, Plan()), SEALING_DOMAIN)
    found = chain(delivered(second, sealed(second)), SEALING_DOMAIN)
    assert (found.status, len(found.sets)) == (ArcStatus.PASS, 2)


@pytest.mark.parametrize("direction", [each for each in Direction if each is not Direction.INBOUND])
def test_only_mail_from_outside_is_sealed(direction):
    assert not is_sealed(arrived(direction=direction))


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        (("alice@example.org",), False),
        (("alice@example.org", "bob@EXAMPLE.net"), False),
        (("alice@example.org", "bob@example.com"), True),
        (("bob@example.com",), True),
        (("alice", "postmaster"), False),
        ((), False),
    ],
)
def test_mail_goes_on_where_one_of_its_recipients_is_of_no_domain_of_ours(recipients, expected):
    assert is_sealed(arrived(recipients=recipients), when=FORWARDED) is expected


def test_who_is_taken_off_does_not_count_and_who_is_added_does():
    one = arrived(recipients=("alice@example.org", "bob@example.com"))
    assert not is_sealed(one, Plan(dropped_recipients=("bob@example.com",)), when=FORWARDED)
    assert is_sealed(arrived(), Plan(new_recipients=("archive@example.com",)), when=FORWARDED)


def test_for_whom_it_is_kept_counts_for_it_goes_on_later_as_it_is_now():
    one = arrived(recipients=("alice@example.org", "bob@example.com"))
    deposit = Deposit(kind=DepositKind.QUARANTINE, rule="r", action=Quarantine(), recipients=("bob@example.com",))
    one.transaction.rules = RuleOutcome(result=RuleResult(deposits=(deposit,)))
    assert is_sealed(one, Plan(dropped_recipients=("bob@example.com",)), when=FORWARDED)


def test_without_a_directory_all_mail_may_go_on():
    assert is_sealed(arrived(), when=FORWARDED, directory=NO_DIRECTORY)


def test_mail_that_we_change_is_sealed_where_a_signature_covers_what_we_change():
    signer = SigningDomain(domain="example.com", selector="rsa2048", private_key=keys.private_key("rsa2048"))
    raw = signer.sign(RAW, headers=[b"From", b"Subject"])
    subject = next(at for at, field in enumerate(arrived(raw).transaction.headers) if field.name == b"Subject")
    change = Plan(removals=(RemoveHeader(name=b"Subject", occurrence=1, position=subject),))
    assert is_sealed(arrived(raw), change, when=MODIFIED)
    assert not is_sealed(arrived(raw), Plan(additions=(RESULTS,)), when=MODIFIED)
    assert not is_sealed(arrived(), change, when=MODIFIED)


def test_a_key_that_cannot_be_used_is_told_and_the_message_goes_on():
    one, plan = arrived(), Plan(additions=(RESULTS,))
    assert sealed(one, plan, sealer=None) is plan
    assert one.transaction.signing.seal_unusable
    assert one.transaction.signing.unsealed_reason == "the key cannot be used"


def test_it_is_not_told_of_mail_that_was_not_to_be_sealed():
    one = arrived()
    sealed(one, sealer=None, when=FORWARDED)
    assert one.transaction.signing is None


def test_a_chain_that_nobody_validated_is_not_continued():
    one = arrived()
    one.transaction.facts.arc = None
    plan = sealed(one)
    assert plan.additions == ()
    assert one.transaction.signing.sealed_by == ""
    assert one.transaction.signing.unsealed_reason == "the chain was not validated"


def test_before_the_decision_nothing_can_be_sealed():
    one = arrived()
    one.transaction.decision = None
    with pytest.raises(StageError):
        sealed(one)


def test_the_set_covers_the_body_that_takes_the_place_of_the_one_that_came():
    one = arrived()
    raw = delivered(one, sealed(one, Plan(new_body=b"Another\r\nbody.\r\n")))
    assert chain(raw, SEALING_DOMAIN).status is ArcStatus.PASS
    assert chain(raw.replace(b"Another", b"A wrong"), SEALING_DOMAIN).status is ArcStatus.FAIL


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Plan(new_body=b"Another\r\n"), True),
        (Plan(changes=(HeaderChange(name=b"Subject", occurrence=1, position=4, value=b"x"),)), True),
        (Plan(changes=(HeaderChange(name=b"X-Tag", occurrence=1, position=4, value=b"x"),)), False),
    ],
)
def test_another_body_and_a_changed_field_are_modifications_of_what_is_signed(plan, expected):
    signed = b"DKIM-Signature: v=1; h=From:Subject; b=x\r\nX-Tag: a\r\n" + RAW
    assert is_sealed(arrived(signed), plan, when=MODIFIED) is expected


def test_a_copy_of_which_the_sender_is_not_told_may_go_on_too():
    assert is_sealed(arrived(), Plan(silent_recipients=("audit@example.com",)), when=FORWARDED)
