# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.shouting import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found

SENTENCE = "I am the manager of a bank and I need your help in a transfer. "


def test_capitals_throughout():
    assert found(CHECK, plain(SENTENCE.upper() * 12)) == ["TEXT_SHOUTING"]


def test_near_misses():
    assert found(CHECK, plain(SENTENCE * 12)) == []
    assert found(CHECK, plain("THIS IS SHORT. SORRY FOR THE CAPITALS.")) == []
    assert found(CHECK, plain(SENTENCE * 12 + "LIMITATION OF LIABILITY. " * 12)) == []
    assert found(CHECK, plain("ПРИВЕТ КАК ДЕЛА " * 60)) == []
