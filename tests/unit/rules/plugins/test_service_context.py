# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from postward.rules.message.static_directory import StaticDirectory
from postward.rules.needs import ALL_NEEDS, Need
from postward.rules.plugins.definition import PluginError
from postward.rules.plugins.names import NameIndex
from postward.rules.plugins.service_context import MAX_LOG_LINES, ServiceContext
from postward.rules.services import RuleServices
from tests.clock import Clock
from tests.unit.rules.plugins.conftest import ANNA, Counters


def context(needs: frozenset[Need] = ALL_NEEDS, clock: Any = None) -> ServiceContext:
    return ServiceContext(
        plugin="p",
        needs=needs,
        services=RuleServices(directory=StaticDirectory(profiles=[ANNA]), rates=Counters()),
        names=NameIndex(),
        now_s=5.0,
        deadline_s=1002.0,
        clock=clock or Clock(),
    )


def test_questions_are_answered_from_the_services() -> None:
    asked = context()
    assert asked.directory.profile("anna@example.org") is ANNA
    assert asked.rate("k", window_s=60, windows=2) == (1, 0)


def test_time_runs_out() -> None:
    clock = Clock()
    asked = context(clock=clock)
    assert asked.remaining_s == 2.0
    clock.now_s += 5
    assert asked.remaining_s == 0.0


@pytest.mark.parametrize(
    "ask",
    [
        lambda asked: asked.profile("a" * 321),
        lambda asked: asked.profile(b"anna@example.org"),
        lambda asked: asked.find_by_display_name(None),
        lambda asked: asked.rate("k" * 321, window_s=1),
        lambda asked: asked.rate("k", window_s=0),
        lambda asked: asked.rate("k", window_s=float("nan")),
        lambda asked: asked.rate("k", window_s="60"),
        lambda asked: asked.rate("k", window_s=1e9),
        lambda asked: asked.rate("k", window_s=1, windows=0),
        lambda asked: asked.rate("k", window_s=1, windows=101),
        lambda asked: asked.rate("k", window_s=1, windows=True),
    ],
)
def test_absurd_questions_are_refused(ask: Any) -> None:
    with pytest.raises(PluginError):
        ask(context())


def test_what_is_not_declared_is_refused() -> None:
    asked = context(frozenset({Need.HEADERS}))
    with pytest.raises(PluginError, match="does not declare that it needs directory"):
        _ = asked.directory
    with pytest.raises(PluginError, match="does not declare that it needs rate"):
        asked.rate("k", window_s=1)


def test_lines_are_bounded() -> None:
    asked = context()
    for _ in range(100):
        asked.log("x" * 100_000)
    assert len(asked.lines) == MAX_LOG_LINES
    assert len(asked.lines[0]) == 500
