# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.reason_field import MAX_OCTETS, reason_field
from postward.model.dmarc import DmarcDisposition
from postward.model.rule_outcome import RuleOutcome, RuleResult
from postward.model.symbol import Symbol
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict

POLICY = Symbol(
    name="DMARC_FAIL_REJECT",
    score=6,
    detail="evil.example\r\nX-Spam-Flag: NO",
    meaning="DMARC fails, and the author's domain asks for rejection",
)
DATE = Symbol(name="DATE_FUTURE", score=0.5, meaning="the date is days in the future")
SIGNED = Symbol(name="DKIM_PASS", score=-0.3, meaning="at least one DKIM signature is valid")
FREE = Symbol(name="ARC_PASS", score=0, meaning="the ARC chain is valid")


def field(*symbols, verdict=Verdict.HAM, not_checked=(), rules=None, **decision):
    transaction = Transaction("t", started_s=0)
    transaction.symbols = symbols
    transaction.facts.not_checked.update(dict.fromkeys(not_checked, "quotes\r\nthe message"))
    transaction.rules = None if rules is None else RuleOutcome(result=rules)
    made = Decision(verdict=verdict, **{"reason": "quotes\r\nthe message", **decision})
    return reason_field(transaction, made, junk_threshold=5).value.decode("ascii")


def words(*symbols, **options):
    return field(*symbols, **options).replace("\r\n\t", " ")


def test_the_heaviest_reasons_come_first_whichever_way_they_count():
    assert words(SIGNED, DATE, FREE, POLICY, verdict=Verdict.JUNK) == (
        "junk (score 6.2, junk from 5.0 on): DMARC fails, and the author's domain asks for rejection (+6.0);"
        " the date is days in the future (+0.5); at least one DKIM signature is valid (-0.3)"
    )


def test_a_message_of_which_nothing_is_known():
    assert words() == "ham (score 0.0, junk from 5.0 on): nothing was found that counts"


def test_what_was_not_checked_is_named_without_the_cause():
    assert words(DATE, not_checked=("spf", "clamav")) == (
        "ham (score 0.5, junk from 5.0 on): the date is days in the future (+0.5); not checked: clamav, spf"
    )


def test_however_much_was_not_checked_there_is_room_for_a_reason():
    value = field(DATE, not_checked=[f"content.some_check_{number}" for number in range(60)])
    assert len(value) <= MAX_OCTETS
    said = value.replace("\r\n\t", " ")
    assert "the date is days in the future (+0.5); not checked: content.some_check_0, " in said
    assert said.endswith(" and others")


@pytest.mark.parametrize(
    ("symbols", "options", "why"),
    [
        ([], {"verdict": Verdict.QUARANTINE, "is_virus": True}, "the virus scanner decides so"),
        ([POLICY], {"verdict": Verdict.HAM}, "an exception of this host lets it pass all the same"),
        (
            [POLICY],
            {"verdict": Verdict.HAM, "rules": RuleResult(bypasses_spam=True)},
            "a rule of this host lets it pass all the same",
        ),
        ([DATE], {"verdict": Verdict.JUNK, "rules": RuleResult(junk=True)}, "a rule of this host decides so"),
        (
            [],
            {"verdict": Verdict.QUARANTINE, "reason": "look", "rules": RuleResult(hold_reason="look")},
            "a rule of this host decides so",
        ),
        ([], {"verdict": Verdict.DISCARD, "rules": RuleResult(discards=True)}, "a rule of this host decides so"),
        (
            [DATE],
            {"verdict": Verdict.JUNK, "dmarc_disposition": DmarcDisposition.QUARANTINE},
            "the check of the author (DMARC) decides so",
        ),
    ],
)
def test_what_decided_where_it_was_not_the_score(symbols, options, why):
    assert words(*symbols, **options).partition(": ")[2].split("; ")[0] == why


def test_a_score_that_decides_needs_no_other_cause():
    said = words(POLICY, verdict=Verdict.JUNK, rules=RuleResult(), dmarc_disposition=DmarcDisposition.QUARANTINE)
    assert "decides" not in said


@pytest.mark.parametrize("meaning", ["", "line\r\nX-Spam-Flag: NO", "caf\u00e9"])
def test_a_meaning_that_may_not_stand_in_a_field_gives_way_to_the_name(meaning):
    assert "OWN_THING (+1.0)" in words(Symbol(name="OWN_THING", score=1, meaning=meaning))


def test_it_is_bounded_and_folded():
    many = [Symbol(name=f"S{i}", score=1 + i / 100, meaning=f"{'long ' * 30}reason {i}") for i in range(40)]
    value = field(*many, verdict=Verdict.JUNK, not_checked=("spf", "dkim"))
    assert len(value) <= MAX_OCTETS
    lines = ("X-Postward-Reason: " + value).split("\r\n\t")
    assert all(0 < len(line) <= 78 for line in lines)
    assert value.replace("\r\n\t", " ").endswith("; not checked: dkim, spf")


def test_no_more_than_the_ten_heaviest_stand_there():
    said = words(*[Symbol(name=f"S{i}", score=1, meaning=f"m{i}") for i in range(14)])
    assert said.endswith("m9 (+1.0); and 4 more of less weight")
