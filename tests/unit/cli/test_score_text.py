# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from rich.console import Console

from postward.app.score_report import score_report
from postward.cli.score_text import score_lines, score_table
from postward.model.estimate import Estimate, Level, ReputationResult
from postward.model.greylisting import GreylistResult, GreylistStatus
from postward.model.identity import Identity, IdentityKind
from postward.model.quota import QuotaExcess, QuotaResult, QuotaSubject, QuotaUnit
from postward.model.reputation import Record
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.symbol import Symbol
from postward.model.transaction import Transaction

HOSTILE = "\x1b[2J[bold]\u202egpj.exe"


class Thresholds:
    """As ``DecisionSettings`` has them."""

    suspect_threshold = 3.0
    junk_threshold = 5.0
    reject_threshold: float | None = None


def told(*symbols, scans=None, greylisting=None, thresholds=None, reputation=None, quota=None):
    """What a person reads, one line each."""
    transaction = Transaction("t", started_s=0)
    transaction.symbols = symbols
    transaction.facts.scans.update(scans or {})
    transaction.facts.greylisting = greylisting
    transaction.facts.reputation = reputation
    transaction.facts.quota = quota
    report = score_report(transaction, thresholds)
    console = Console(width=200, highlight=False, color_system=None)
    with console.capture() as capture:
        console.print(score_table(report["symbols"], report["score"]))
        for line in score_lines(report):
            console.print(line, soft_wrap=True)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_what_counted_stands_there_the_heaviest_first_each_with_its_meaning():
    assert told(
        Symbol(name="DKIM_PASS", score=-0.3, detail="a.example", meaning="at least one DKIM signature is valid"),
        Symbol(name="ARC_PASS", score=0, meaning="the ARC chain is valid"),
        Symbol(name="SPF_FAIL", score=2, meaning="the client may not send"),
    ) == [
        "score  symbol     why",
        "   +2  SPF_FAIL   the client may not send",
        " -0.3  DKIM_PASS  at least one DKIM signature is valid (a.example)",
        " +1.7  in all",
        "found as well, and counted for nothing: ARC_PASS",
    ]


def test_what_the_cap_of_a_group_takes_is_told():
    lines = told(
        Symbol(name="A", score=0.5, group="html", meaning="m", uncapped_score=1.5),
        Symbol(name="B", score=0, group="html", meaning="n", uncapped_score=1),
    )
    assert lines[1].endswith("m [+1.5 without the cap of group html]")
    assert lines[2].endswith("n [+1 by itself; the cap of group html is reached, or another symbol stands for it]")
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("reject", "words"),
    [
        (None, "A message is suspect from 3 on, junk from 5 on; none is refused for its score."),
        (12.5, "A message is suspect from 3 on, junk from 5 on, refused from 12.5 on."),
    ],
)
def test_the_thresholds_are_told(reject, words):
    thresholds = Thresholds()
    thresholds.reject_threshold = reject
    assert told(thresholds=thresholds)[-1] == words


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (ScanResult(status=ScanStatus.CLEAN), ["clamav found nothing"]),
        (ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar", "B")), ["clamav found Eicar, B"]),
        (ScanResult(status=ScanStatus.FAILED, reason="time"), ["clamav gave no answer of use: time"]),
        (ScanResult(status=ScanStatus.SKIPPED, reason="too large"), ["clamav was not asked: too large"]),
        (
            ScanResult(status=ScanStatus.CLEAN, score=7.2, required=5.0, symbols=(("O", 0), ("LO", 0.1), ("HI", 4))),
            ["clamav counts 7.2 of 5 on its own scale", "  HI +4, LO +0.1, O"],
        ),
    ],
)  # fmt: skip
def test_what_other_programs_said_is_told(result, words):
    assert told(scans={"clamav": result})[-len(words) :] == words


def test_a_scanner_with_many_symbols_is_told_in_short():
    symbols = tuple((f"S{i}", 1.0) for i in range(300))
    line = told(scans={"rspamd": ScanResult(status=ScanStatus.CLEAN, score=1.0, symbols=symbols)})[-1]
    assert line.endswith("S9 +1 and 290 more")


def test_greylisting_is_told():
    delayed = GreylistResult(status=GreylistStatus.DELAYED, reason="seen for the first time", wait_s=300)
    assert told(greylisting=delayed)[-1] == "greylisting: delayed (passes after 300 s): seen for the first time"


def reputation(name, *, record=None, **values):
    identity = Identity(IdentityKind.HELO, name)
    level = Level(identity=identity, record=record, prior=0.2, strength=2.0, mean=0.25)
    estimate = Estimate(identity=identity, mean=0.25, lower=0.125, confidence=0.5, levels=(level,))
    return ReputationResult(estimates={IdentityKind.HELO: estimate}, **values)


def test_what_is_known_of_the_sender_is_told():
    record = Record(good=3.0, bad=1.0, hard=0.0, seen=4_210.0, first_s=1, last_s=2)
    known = reputation("a.example", record=record, points=1.5, reason="this HELO name: bad", is_correspondent=True)
    assert told(reputation=known)[-3:] == [
        "reputation counts +1.5: this HELO name: bad",
        "  helo a.example: 25.0 % expected to be bad, surely 12.5 %; confidence 0.50, 4,210 messages",
        "  its recipients have written to the author",
    ]
    assert told(reputation=reputation("a.example"))[-2:] == [
        "reputation counts nothing",
        "  helo a.example: 25.0 % expected to be bad, surely 12.5 %; confidence 0.50, not seen before",
    ]


def test_a_limit_that_would_be_passed_is_told():
    excess = QuotaExcess(subject=QuotaSubject.LOGIN, name="ann", unit=QuotaUnit.MESSAGES_PER_HOUR, limit=100, used=100)
    line = "quota: login ann has used 100 of 100 messages per hour"
    assert told(quota=QuotaResult(excess=excess))[-1] == line


def test_nothing_from_outside_moves_the_cursor_or_is_markup():
    lines = told(
        Symbol(name="A", score=1, detail=HOSTILE, meaning="m"),
        scans={"clamav": ScanResult(status=ScanStatus.VIRUS, viruses=(HOSTILE,), reason=HOSTILE)},
        greylisting=GreylistResult(status=GreylistStatus.PASSED, reason=HOSTILE),
        reputation=reputation(HOSTILE),
        quota=QuotaResult(
            excess=QuotaExcess(subject=QuotaSubject.LOGIN, name=HOSTILE, unit=QuotaUnit.CONCURRENT, limit=1, used=1)
        ),
    )
    assert sum(line.count("\\x1b[2J[bold]\\u202egpj.exe") for line in lines) == 6
    assert all(line.isprintable() for line in lines)
