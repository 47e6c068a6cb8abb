# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.gambling import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_a_casino():
    text = "Our online casino gives you 200 free spins and a welcome bonus of $500. Win the jackpot tonight!"
    assert found(CHECK, plain(text)) == ["TEXT_GAMBLING"]


def test_near_misses():
    assert found(CHECK, plain("Shall we play poker on Friday? Two slots are free.")) == []
    assert found(CHECK, plain("Casino Royale is on television tonight.")) == []
