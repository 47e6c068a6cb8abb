# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.health_sales import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_pills_for_everybody():
    assert found(CHECK, plain("Lose weight with our herbal pills!")) == ["TEXT_HEALTH_SALES"]
    assert found(CHECK, plain("Viagra, Cialis - without prescription")) == ["TEXT_HEALTH_SALES"]


def test_a_patient():
    assert (
        found(CHECK, plain("Have you taken your pills? The doctor spoke of your weight, and wrote a prescription."))
        == []
    )
