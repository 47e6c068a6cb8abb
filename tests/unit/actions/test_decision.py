from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.actions.decision import DecisionSettings, decide
from postward.actions.disposition import DmarcEnforcement, Enforcement
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcDisposition, DmarcPolicy, DmarcResult, DmarcStatus, FromProblem
from postward.model.origin import Direction, Origin
from postward.model.override import ArcOverride
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


@pytest.mark.parametrize(("score", "expected"), [(4.999, Verdict.HAM), (5.0, Verdict.JUNK), (-3, Verdict.HAM)])
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
    def test_a_trusted_sealer_overrides_even_a_high_score(self):
        transaction = message(failing(), score=9)
        transaction.facts.arc_override = ArcOverride(sealer="list.example", instance=1, aligned_by=("dmarc",))
        decision = decide(transaction, DecisionSettings())
        assert decision.verdict is Verdict.HAM
        assert "list.example" in decision.reason

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
