# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.actions.decision import DecisionSettings, decide
from postward.actions.disposition import DmarcEnforcement, Enforcement
from postward.actions.scan_disposition import OnVirus, ScanSettings
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcDisposition, DmarcPolicy, DmarcResult, DmarcStatus, FromProblem
from postward.model.origin import Direction, Origin
from postward.model.override import ArcOverride
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.symbol import Symbol
from postward.model.transaction import Transaction
from postward.model.verdict import Verdict


def failing(policy=DmarcPolicy.REJECT, **more):
    return DmarcResult(status=DmarcStatus.FAIL, domain="bank.example", policy=policy, **more)


def message(dmarc=None, *, score=0.0, direction=Direction.INBOUND):
    transaction = Transaction("t", started_s=0)
    transaction.origin = Origin(direction=direction, reason="r", client=ip_address("198.51.100.1"), helo="")
    transaction.facts.dmarc = dmarc
    transaction.symbols = (Symbol(name="X", score=score),)
    return transaction


def verdict(transaction, **settings):
    return decide(transaction, DecisionSettings(dmarc=DmarcEnforcement(**settings))).verdict


@pytest.mark.parametrize(("score", "expected"), [(4.999, Verdict.SUSPECT), (5.0, Verdict.JUNK), (-3, Verdict.HAM)])
def test_score(score, expected):
    assert verdict(message(score=score)) is expected


@pytest.mark.parametrize("policy", [DmarcPolicy.REJECT, DmarcPolicy.QUARANTINE])
def test_by_default_a_failure_is_junk_and_never_refused(policy):
    assert verdict(message(failing(policy))) is Verdict.JUNK


def test_p_none_changes_nothing():
    assert verdict(message(failing(DmarcPolicy.NONE)), on_reject=Enforcement.REJECT) is Verdict.HAM


def test_the_operator_may_refuse_or_hold():
    assert verdict(message(failing()), on_reject=Enforcement.REJECT) is Verdict.REJECT
    assert verdict(message(failing(DmarcPolicy.QUARANTINE)), on_quarantine=Enforcement.QUARANTINE) is Verdict.QUARANTINE
    assert verdict(message(failing()), on_reject=Enforcement.NONE) is Verdict.HAM


@pytest.mark.parametrize(
    ("enforcement", "disposition"),
    [(Enforcement.NONE, "none"), (Enforcement.JUNK, "quarantine"), (Enforcement.QUARANTINE, "quarantine"),
     (Enforcement.REJECT, "reject")],
)  # fmt: skip
def test_what_was_done_for_the_policy(enforcement, disposition):
    settings = DecisionSettings(dmarc=DmarcEnforcement(on_reject=enforcement))
    assert decide(message(failing()), settings).dmarc_disposition == disposition


def test_junk_by_its_score_is_not_the_policys_doing():
    decision = decide(message(failing(DmarcPolicy.NONE), score=9), DecisionSettings())
    assert (decision.verdict, decision.dmarc_disposition) == (Verdict.JUNK, DmarcDisposition.NONE)


def test_several_authors():
    none = DmarcResult(status=DmarcStatus.NONE, problem=FromProblem.MULTIPLE_FIELDS)
    assert verdict(message(none)) is Verdict.JUNK
    assert verdict(message(none), multiple_from=Enforcement.REJECT) is Verdict.REJECT
    assert verdict(message(none), multiple_from=Enforcement.NONE) is Verdict.HAM
    both = failing(problem=FromProblem.MULTIPLE_DOMAINS)
    assert verdict(message(both), multiple_from=Enforcement.NONE, on_reject=Enforcement.REJECT) is Verdict.REJECT


def test_temperror_is_accepted_unless_the_operator_defers():
    temperror = DmarcResult(status=DmarcStatus.TEMPERROR)
    assert verdict(message(temperror)) is Verdict.HAM
    assert verdict(message(temperror), defer_on_temperror=True) is Verdict.DEFER


class TestExemptions:
    def test_a_trusted_sealer_overrides_the_policy_and_nothing_else(self):
        transaction = message(failing(), score=1)
        transaction.facts.arc_override = ArcOverride(sealer="list.example", instance=1, aligned_by=("dmarc",))
        decision = decide(transaction, DecisionSettings())
        assert decision.verdict is Verdict.HAM
        assert "list.example" in decision.reason
        transaction.symbols = (Symbol(name="X", score=9),)
        assert decide(transaction, DecisionSettings()).verdict is Verdict.JUNK

    def test_network(self):
        assert verdict(message(failing()), exempt_networks=(ip_network("198.51.100.0/24"),)) is Verdict.HAM

    @pytest.mark.parametrize(("status", "expected"), [(DkimStatus.PASS, Verdict.HAM), (DkimStatus.FAIL, Verdict.JUNK)])
    def test_dkim_domain_needs_a_valid_signature(self, status, expected):
        transaction = message(failing())
        transaction.facts.dkim = (DkimResult(status=status, domain="esp.example", selector="s"),)
        assert verdict(transaction, exempt_dkim_domains=frozenset({"esp.example"})) is expected

    @pytest.mark.parametrize(("status", "expected"), [(ArcStatus.PASS, Verdict.HAM), (ArcStatus.FAIL, Verdict.JUNK)])
    def test_sealer_needs_a_valid_chain(self, status, expected):
        transaction = message(failing())
        sealed = ArcSet(instance=1, sealer="list.example", selector="s", authentication_results=b"")
        transaction.facts.arc = ArcResult(status=status, sets=(sealed,))
        assert verdict(transaction, exempt_sealers=frozenset({"list.example"})) is expected


@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.LOOPBACK, Direction.REINJECTED])
def test_mail_that_is_not_judged_is_ham(direction):
    assert verdict(message(failing(), score=99, direction=direction), on_reject=Enforcement.REJECT) is Verdict.HAM


def infected(transaction, check="clamav"):
    transaction.facts.scans[check] = ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar-Test",))
    return transaction


@pytest.mark.parametrize(
    ("score", "expected"),
    [(2.9, Verdict.HAM), (3.0, Verdict.SUSPECT), (5.0, Verdict.JUNK), (9.9, Verdict.JUNK), (10.0, Verdict.REJECT)],
)
def test_thresholds_rise_from_suspect_to_refused(score, expected):
    settings = DecisionSettings(suspect_threshold=3.0, junk_threshold=5.0, reject_threshold=10.0)
    assert decide(message(score=score), settings).verdict is expected


def test_no_score_refuses_unless_the_operator_says_so():
    assert decide(message(score=999.0), DecisionSettings()).verdict is Verdict.JUNK


def test_a_domain_with_a_higher_junk_threshold_is_refused_nothing_below_it():
    settings = DecisionSettings(junk_threshold=20.0, reject_threshold=10.0)
    assert decide(message(score=15.0), settings).verdict is Verdict.SUSPECT


def test_what_exempts_from_the_policy_exempts_from_what_its_failure_counts_and_from_nothing_else():
    transaction = message(failing())
    settings = DecisionSettings(dmarc=DmarcEnforcement(exempt_networks=(ip_network("198.51.100.0/24"),)))
    transaction.symbols = (Symbol(name="DMARC_FAIL_REJECT", score=6.0), Symbol(name="X", score=1.0))
    assert decide(transaction, settings).verdict is Verdict.HAM
    transaction.symbols = (Symbol(name="DMARC_FAIL_REJECT", score=6.0), Symbol(name="X", score=7.0))
    assert decide(transaction, settings).verdict is Verdict.JUNK


@pytest.mark.parametrize("on_virus", list(OnVirus))
@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND, Direction.LOOPBACK])
def test_a_virus_counts_wherever_it_comes_from(on_virus, direction):
    decision = decide(infected(message(direction=direction)), DecisionSettings(scans=ScanSettings(on_virus=on_virus)))
    # A mark is written into mail from outside only.
    expected = "quarantine" if on_virus is OnVirus.JUNK and direction is not Direction.INBOUND else on_virus.value
    assert (decision.verdict.value, decision.is_virus) == (expected, True)
    assert decision.reason == "clamav has found Eicar-Test"


def test_what_is_harsher_than_the_virus_stands():
    settings = DecisionSettings(dmarc=DmarcEnforcement(on_reject=Enforcement.REJECT))
    decision = decide(infected(message(failing())), settings)
    assert (decision.verdict, decision.dmarc_disposition) == (Verdict.REJECT, DmarcDisposition.REJECT)


def test_a_silent_scanner_defers_only_where_the_operator_wants_that():
    transaction = message()
    transaction.facts.scans["clamav"] = ScanResult(status=ScanStatus.FAILED, reason="no answer")
    assert decide(transaction, DecisionSettings()).verdict is Verdict.HAM
    transaction.facts.scans["clamav"] = ScanResult(status=ScanStatus.FAILED, reason="no answer", defers=True)
    decision = decide(transaction, DecisionSettings())
    assert (decision.verdict, decision.reason, decision.reply.code) == (Verdict.DEFER, "clamav: no answer", 451)


def test_one_scanners_virus_counts_more_than_anothers_silence():
    transaction = message()
    transaction.facts.scans["spamassassin"] = ScanResult(status=ScanStatus.FAILED, reason="no answer", defers=True)
    assert decide(infected(transaction), DecisionSettings()).is_virus
