# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.transaction import Transaction
from postward.pipeline.engine import PipelineEngine


class Told:
    """Hears what is told of a finished message, in order; may fail."""

    def __init__(self, *, failing: str = "") -> None:
        self.heard: list[str] = []
        self._failing = failing

    def step(self, name):
        def hear(_transaction, outcome, *_reply):
            self.heard.append(f"{name} {outcome}")
            if name == self._failing:
                raise OSError(name)

        return hear

    def engine(self):
        return PipelineEngine(
            None,
            None,
            make_lookup=None,
            report=self.step("report"),
            report_refusal=None,
            afterwards=[self.step("quota"), self.step("learn")],
            close=None,
        )


def test_a_finished_message_is_reported_first():
    told = Told()
    told.engine().finished(Transaction("t", started_s=0.0), "evaluated", "accept")
    assert told.heard == ["report evaluated", "quota evaluated", "learn evaluated"]


@pytest.mark.parametrize("failing", ["report", "quota", "learn"])
def test_what_fails_keeps_nothing_else_from_hearing_of_it(failing):
    told = Told(failing=failing)
    with pytest.raises(OSError, match=failing):
        told.engine().finished(Transaction("t", started_s=0.0), "aborted", "")
    assert told.heard == ["report aborted", "quota aborted", "learn aborted"]
