from __future__ import annotations

import pytest

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
