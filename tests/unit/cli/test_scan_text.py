# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from rich.console import Console

from postward.app.scan_report import scan_report
from postward.cli.scan_text import scan_text
from postward.model.action import HeaderChange, Plan, Reply
from postward.model.origin import Direction
from postward.model.verdict import Decision, Verdict
from tests.unit.pipeline.passing import examination


@pytest.fixture
def printed(capsys):
    """What a person reads of a message with this plan."""

    def tell(plan):
        transaction = examination(direction=Direction.INBOUND).transaction
        transaction.decision = Decision(verdict=Verdict.HAM, reason="r")
        transaction.plan = plan
        scan_text(scan_report(transaction, None))
        return capsys.readouterr().out.splitlines()

    return tell


@pytest.fixture
def printed_on():
    """What this console shows of a message to which a long field is added."""

    def tell(console):
        transaction = examination(direction=Direction.INBOUND).transaction
        transaction.decision = Decision(verdict=Verdict.JUNK, reason="r")
        change = HeaderChange(name=b"X-Postward-Reason", occurrence=1, position=0, value=REASON.encode())
        transaction.plan = Plan(changes=(change,))
        with console.capture() as capture:
            scan_text(scan_report(transaction, None), console)
        return capture.get().splitlines()

    return tell


@pytest.mark.parametrize(
    ("plan", "line"),
    [
        (Plan(discards=True), "discard"),
        (Plan(new_body=b"short\r\n"), "replace body  by 7 bytes"),
        (
            Plan(changes=(HeaderChange(name=b"Subject", occurrence=1, position=3, value=b"[EXT] x"),)),
            r"change header  Subject: [EXT] x",
        ),
        (Plan(silent_recipients=("audit@example.com",)), "add recipient  audit@example.com"),
        (Plan(new_sender=""), "change sender"),
    ],
)
def test_each_kind_of_action_is_told(printed, plan, line):
    assert line in printed(plan)


def test_a_reply_of_several_lines_is_told_on_one(printed):
    reply = Reply(code=550, enhanced="5.7.1", text="Not here.\nAsk us.")
    assert any(
        line.startswith("answers 550 5.7.1 Not here.") and line.endswith("Ask us.")
        for line in printed(Plan(reply=reply))
    )


REASON = "junk (score 6.0, junk from 5.0 on): " + "a reason in words that is long enough; " * 6


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_folds_long_fields_between_words(printed_on, width):
    lines = printed_on(Console(width=width, force_terminal=True, highlight=False, color_system=None))
    start = lines.index(next(line for line in lines if line.startswith("change header  X-Postward-Reason: junk")))
    field = lines[start:]
    assert max(map(len, field)) <= width
    assert all(line.startswith("    ") and not line.startswith("     ") for line in field[1:])
    assert " ".join(line.strip() for line in field).endswith(REASON.strip())
    assert not any("  " in line.strip() for line in field[1:])


def test_elsewhere_each_field_has_one_line(printed_on):
    lines = printed_on(Console(width=80, force_terminal=False, highlight=False))
    assert f"change header  X-Postward-Reason: {REASON.strip()}" in lines
