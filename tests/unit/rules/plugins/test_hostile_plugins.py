# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from postward.model.rule_action import Tag
from postward.rules.errors import PluginFailure
from postward.rules.plugins.breaker import BreakerSettings
from tests.milter.server import wait_until
from tests.unit.rules.plugins.conftest import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.rules.plugins.runner import PluginRunner

HOSTILE = Path(__file__).with_name("hostile.py")
TIMEOUT_S = 0.8
KINDS = {
    "loop": "timeout",
    "backtrack": "timeout",
    "sleep_in_c": "timeout",
    "endless_generator": "timeout",
    "ignores_signals": "timeout",
    "memory_caught": "timeout",
    "half_a_frame": "timeout",
    "really_exits": "ended",
    "exits": "ended",
    "segfaults": "ended",
    "overflows_the_stack": "ended",
    "raises_interrupt": "ended",
    "memory": "ended",
    "closes_descriptors": "ended",
    "daemon_and_exit": "ended",
    "raises": "raised",
    "raises_slyly": "raised",
    "raises_late": "raised",
    "recursion": "raised",
    "files": "raised",
    "disk": "raised",
    "forks": "stray",
    "daemon": "stray",
    "program": "stray",
    "thread": "stray",
    "writes_to_descriptors": "garbage",
    "answers_twice": "garbage",
    "gigantic_frame": "garbage",
    "claims_blobs": "garbage",
    "nested_frame": "garbage",
    "long_number": "garbage",
    "asks_for_ever": "garbage",
    "asks_much": "garbage",
    "forged_nothing": "timeout",
    "forged_kind": "timeout",
    "forged_list": "timeout",
    "forged_many": "timeout",
    "forged_no_actions": "timeout",
    "forged_unhashable": "timeout",
    "forged_failure": "timeout",
    "asks_too_much": "error",
    "asks_strangely": "raised",
    "asks_nan": "raised",
    "undeclared_need": "error",
    "undeclared_rate": "error",
    "undeclared_action": "capability",
}
RUBBISH = (
    "a_text", "a_number", "a_mapping", "an_action_alone", "an_object", "an_iterator", "list_of_texts", "list_of_none",
    "class_of_action", "subclass_of_action", "many", "endless", "number_for_text", "octets_for_text", "empty_tag",
    "lines_in_name", "colon_in_name", "no_name", "umlaut_in_name", "lines_in_value", "line_feed_in_value",
    "nul_in_value", "half_a_character", "long_value", "long_values", "not_a_number", "infinite", "huge_number",
    "truth_for_number", "wrong_code", "wrong_class", "no_enhanced_code", "escape_in_text",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, PluginRunner]]:
    shop = Shop(tmp_path_factory.mktemp("hostile"))
    shutil.copy(HOSTILE, shop.folder)
    plugins = shop.load(memory_bytes=250_000_000, breaker=BreakerSettings(failures=1000))
    plugins.settle()
    runner = shop.runner(plugins)
    assert runner.wait_until_ready(10.0)
    yield shop, runner
    shop.close()


def fails(hostile: tuple[Shop, PluginRunner], name: str) -> PluginFailure:
    shop, runner = hostile
    begun = time.monotonic()
    with pytest.raises(PluginFailure) as failure:
        shop.run(runner, name, timeout_s=TIMEOUT_S)
    failed = time.monotonic()
    assert failed - begun < TIMEOUT_S + 0.3
    assert shop.run(runner, "good", timeout_s=1.0) == (Tag(name="fine"),)
    text = str(failure.value)
    assert text.isprintable()
    assert len(text) < 600
    assert text.startswith(f"plugin {name}: ")
    assert shop.watcher.failures[-1] == (name, failure.value.kind, text, False)
    return failure.value


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_what_a_plugin_does_is_its_own_failure(
    hostile: tuple[Shop, PluginRunner], name: str, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert fails(hostile, name).kind == kind
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", RUBBISH)
def test_what_a_plugin_returns_is_an_action_or_its_failure(hostile: tuple[Shop, PluginRunner], name: str) -> None:
    assert fails(hostile, name).kind == "rubbish"


def test_two_answers_of_a_fork_fail_one_call_at_most(hostile: tuple[Shop, PluginRunner]) -> None:
    shop, runner = hostile
    for _ in range(5):
        with pytest.raises(PluginFailure) as failure:
            shop.run(runner, "forks_and_both_answer")
        assert failure.value.kind in {"stray", "garbage"}
        assert shop.run(runner, "good") == (Tag(name="fine"),)


def test_nothing_that_was_started_is_left(hostile: tuple[Shop, PluginRunner]) -> None:
    for name in ("forks", "daemon", "program", "daemon_and_exit"):
        fails(hostile, name)
    shop, runner = hostile
    runner.close()
    ours = os.getpid()
    wait_until(lambda: not [pid for pid in others() if children(pid, ours)], "the end of all that was started")
    shop.runner()


def others() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def children(pid: int, ours: int) -> Any:
    """Tell whether a process is one that a plugin has started: the sleeps, and copies of the plugin process."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return pid != ours and (b"/bin/sleep\0600\0" in command)
