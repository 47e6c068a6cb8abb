# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.adult_content import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_an_offer():
    assert found(CHECK, plain("XXX! Hot girls on webcam, hardcore. You must be over 18.")) == ["TEXT_ADULT"]


def test_near_misses():
    assert found(CHECK, plain("One adult and two teens, please. The amateur theatre begins at eight.")) == []
    assert found(CHECK, plain("Naked singularities and teens of papers about them.")) == []


def test_a_form_of_a_club():
    assert found(CHECK, plain("Singles, mixed by sex, over 18, or 18 years at least.")) == []
