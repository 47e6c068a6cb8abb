# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

from postward.model.transaction import Transaction
from postward.mta.afterwards import Afterwards
from postward.mta.engine import Outcome
from postward.observability.logger import EventLog

PATIENCE_S = 20
ROOM = 20_000


class Engine:
    """Finishes nothing before it may; the message ``raises`` cannot be finished at all."""

    def __init__(self):
        self.may = threading.Event()
        self.began = threading.Event()
        self.finished_ids = []

    def finished(self, transaction, outcome, reply):
        self.began.set()
        assert self.may.wait(PATIENCE_S)
        if transaction.id == "raises":
            raise ValueError(reply)
        self.finished_ids.append((transaction.id, outcome, reply))


def test_messages_are_finished_in_order_and_one_that_fails_hurts_no_other(capfd):
    engine = Engine()
    engine.may.set()
    afterwards = Afterwards(engine, EventLog())
    for name in ("a", "raises", "b"):
        afterwards.add(Transaction(name, started_s=0.0), Outcome.EVALUATED, "accept")
    afterwards.close(PATIENCE_S)
    assert engine.finished_ids == [("a", Outcome.EVALUATED, "accept"), ("b", Outcome.EVALUATED, "accept")]
    assert "event=background.failed name=finished" in capfd.readouterr().err


def test_what_is_too_much_is_dropped_and_counted():
    engine = Engine()
    afterwards = Afterwards(engine, EventLog())
    one = Transaction("a", started_s=0.0)
    afterwards.add(one, Outcome.EVALUATED, "accept")
    assert engine.began.wait(PATIENCE_S)
    for _ in range(ROOM + 2):
        afterwards.add(one, Outcome.EVALUATED, "accept")
    assert afterwards.dropped == 2
    engine.may.set()
    afterwards.close(PATIENCE_S)
    assert len(engine.finished_ids) == ROOM + 1
