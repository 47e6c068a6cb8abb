# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from postward.errors import DirectoryUnavailable, TemporaryFailure
from postward.model.rule_action import ACTION_KINDS, AddHeader, AddScore, Moderate, Reject, RuleAction, Tag
from postward.plugin_host.process_tree import descendants_of
from postward.rules.errors import PluginFailure
from postward.rules.message.views import AuthView
from postward.rules.plugins.crash_store import CrashStoreSettings
from tests.clock import Clock
from tests.milter.server import wait_until
from tests.unit.rules.plugins.conftest import EML, Shop, a_message

if TYPE_CHECKING:
    from pathlib import Path

BOTH = pytest.mark.parametrize("bundled", [True, False], ids=["in process", "remote"])
ALL_NEEDS = '{"client", "envelope", "headers", "body", "attachments", "auth", "score", "directory", "rate"}'


def plugin(body: str, needs: str = ALL_NEEDS, may: str = '{"tag"}') -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"\n@rule(id='p', needs={needs}, may={may})\ndef p(message, config, context):\n{lines}\n"


def tags(shop: Shop, body: str, *, bundled: bool = False, message: Any = None, needs: str = ALL_NEEDS) -> list[str]:
    shop.write("p.py", plugin(body, needs), bundled=bundled)
    return [action.name for action in shop.run(shop.runner(), "p", message)]


@BOTH
def test_a_plugin_sees_the_message(shop: Shop, bundled: bool) -> None:
    message = replace(
        a_message(ip="192.0.2.1", helo="mx.example.com"), auth=AuthView(dmarc="pass"), score=4.5, tags=frozenset({"t"})
    )
    seen = tags(
        shop,
        "return [Tag(name=str(value)) for value in ("
        "message.subject, message.from_.address, message.body_text.strip(), message.client.address,"
        "message.client.helo, message.auth.dmarc, message.score, sorted(message.tags), message.sender.text,"
        "message.recipients[0].address,"
        "message.size_bytes, message.direction, len(message.parts), message.stage)]",
        bundled=bundled,
        message=message,
    )
    assert seen == [
        "Grüße", "anna@example.com", "Some text.", "192.0.2.1", "mx.example.com", "pass", "4.5", "['t']",
        "anna@example.com", "b@example.org", str(len(EML) - 2), "inbound", "1", "6",
    ]  # fmt: skip


@BOTH
def test_a_plugin_asks_the_directory_and_counts(shop: Shop, bundled: bool) -> None:
    seen = tags(
        shop,
        "profile = context.directory.profile('anna@example.org')\n"
        "found = context.directory.find_by_display_name('ampel, Аnna')\n"
        "return [Tag(name=str(value)) for value in ("
        "profile.name, sorted(profile.groups), dict(profile.attributes), context.directory.profile('x@example.org'),"
        "[sorted(person.addresses) for person in found], context.rate('k', window_s=60, windows=3),"
        "context.rate('k', window_s=60), message.directory.is_hosted('example.org'),"
        "message.profile('anna@example.org').name, context.remaining_s > 1)]",
        bundled=bundled,
    )
    assert seen == [
        "Anna Ampel", "['staff']", "{'city': 'Bonn'}", "None", "[['anna@example.org']]", "(1, 0, 0)", "(2,)", "True",
        "Anna Ampel", "True",
    ]  # fmt: skip
    assert shop.counters.keys == ["plugin:p:k"] * 2


@BOTH
def test_a_directory_that_cannot_be_reached_is_not_the_plugins_failure(shop: Shop, bundled: bool) -> None:
    class Nobody:
        def profile(self, _address: str) -> Any:
            raise DirectoryUnavailable("nobody is there")

        def count(self, _key: str, **_window: Any) -> Any:
            raise TemporaryFailure("nobody counts")

    shop.directory = shop.counters = Nobody()  # type: ignore[assignment]
    shop.write("p.py", plugin("context.directory.profile('a@example.org')"), bundled=bundled)
    shop.write("q.py", plugin("context.rate('a', window_s=1)").replace("'p'", "'q'"), bundled=bundled)
    runner = shop.runner()
    for _ in range(6):
        with pytest.raises(DirectoryUnavailable, match="nobody is there"):
            shop.run(runner, "p")
        with pytest.raises(TemporaryFailure, match="nobody counts"):
            shop.run(runner, "q")
    assert shop.watcher.failures == []


def test_only_what_is_declared_is_sent(shop: Shop) -> None:
    body = (
        "return [Tag(name=repr(value)) for value in (len(message.headers), message.body_text, message.auth.dmarc,"
        "message.score, message.size_bytes)]"
    )
    message = replace(a_message(), auth=AuthView(dmarc="pass"), score=4.5)
    assert tags(shop, body, needs='{"envelope"}', message=message) == ["0", "''", "''", "0.0", str(len(EML) - 2)]


@BOTH
def test_every_kind_of_action_comes_back_as_it_was(shop: Shop, bundled: bool) -> None:
    texts = {"recipients": ("b@example.org",), "by": ("m@example.org",), "address": "x@example.org", "name": "X-A"}
    texts |= {"value": "ä ✉", "text": "t", "to": ("admin",), "paths": ("1.2",), "points": 2.5}
    made: list[RuleAction] = []
    for cls in ACTION_KINDS.values():
        names = cls.__dataclass_fields__
        made.append(cls(**{name: value for name, value in texts.items() if name in names}))
    code = f"return {made!r}"
    for cls in ACTION_KINDS.values():
        assert f"{cls.__name__}(" in code
    shop.write("p.py", plugin(code, may=repr(set(ACTION_KINDS))), bundled=bundled)
    assert list(shop.run(shop.runner(), "p")) == made


@BOTH
def test_generators_none_and_whole_numbers_are_fine(shop: Shop, bundled: bool) -> None:
    shop.write("a.py", plugin("yield Tag(name='a')\nyield AddScore(points=2)", may="{'tag', 'score'}"), bundled=bundled)
    shop.write("b.py", plugin("return None").replace("'p'", "'q'"), bundled=bundled)
    runner = shop.runner()
    assert shop.run(runner, "p") == (Tag(name="a"), AddScore(points=2.0))
    assert shop.run(runner, "q") == ()


@BOTH
def test_settings_arrive_typed(shop: Shop, bundled: bool) -> None:
    shop.write(
        "p.py",
        """
        from collections.abc import Mapping
        from dataclasses import dataclass
        from enum import StrEnum

        class Mode(StrEnum):
            SOFT = "soft"

        @dataclass(frozen=True)
        class Settings:
            names: tuple[str, ...]
            limits: Mapping[str, int]
            mode: Mode
            share: float
            label: str | None = "x"

        @rule(id="p", may={"tag"}, config=Settings)
        def p(message, config, context):
            values = config.names, dict(config.limits), config.mode is Mode.SOFT, config.share, config.label
            return [Tag(name=repr(values))]
        """,
        bundled=bundled,
    )
    settings = {"names": ["a"], "limits": {"b": 1}, "mode": "soft", "share": 2, "label": None}
    runner = shop.runner()
    for _ in range(2):
        (tag,) = shop.run(runner, "p", settings=settings)
        assert tag.name == "(('a',), {'b': 1}, True, 2.0, None)"
    with pytest.raises(PluginFailure) as failure:
        shop.run(runner, "p", settings={**settings, "names": "a"})
    assert str(failure.value) == "plugin p: settings: names: must be a list"


def test_what_a_plugin_says_is_told_line_by_line_and_bounded(shop: Shop) -> None:
    tags(shop, "context.log('a\\nb\\x1b')\nprint('one\\ntwo')\nfor _ in range(100): print('x' * 10_000)\nreturn []")
    lines = [line for _, line in shop.watcher.lines]
    assert lines[:3] == ["a\\nb\\x1b", "one", "two"]
    assert len(lines) == 20
    assert max(map(len, lines)) <= 501
    assert all(line.isprintable() for line in lines)


def test_the_parents_secrets_are_not_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTWARD_REDIS", "redis://:swordfish@192.0.2.1/0")
    seen = tags(
        shop,
        "import os\n"
        "def read(path):\n"
        "    return open(path, 'rb').read()\n"
        "links = [os.readlink('/proc/self/fd/' + name) for name in ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')"
        "         if os.path.exists('/proc/self/fd/' + name)]\n"
        "sockets = sum(link.startswith('socket') for link in links)\n"
        "told = str(dict(os.environ)).encode() + read('/proc/self/environ') + read('/proc/self/cmdline')\n"
        "return [Tag(name=str(b'swordfish' in told)), Tag(name=str(sockets))]",
    )
    assert seen == ["False", "1"]


def test_what_is_pickled_is_refused_and_never_read(shop: Shop, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "sprung"),)

    shop.write(
        "p.py",
        plugin(
            "import sys, time\n"
            "frame = sys._getframe()\n"
            "while 'channel' not in frame.f_locals:\n"
            "    frame = frame.f_back\n"
            f"frame.f_locals['channel']._socket.sendall({pickle.dumps(Trap())!r} * 100)\n"
            "time.sleep(600)"
        ),
    )
    with pytest.raises(PluginFailure) as failure:
        shop.run(shop.runner(), "p", timeout_s=2.0)
    assert failure.value.kind == "garbage"
    assert not (tmp_path / "sprung").exists()


@BOTH
def test_a_plugin_that_keeps_failing_is_suspended_for_a_while(shop: Shop, bundled: bool) -> None:
    shop.write("p.py", plugin("raise ValueError('no')"), bundled=bundled)
    shop.write("q.py", plugin("return [Tag(name='fine')]").replace("'p'", "'q'"), bundled=bundled)
    clock = Clock()
    runner = shop.runner(breaker_clock=clock)
    kinds = []
    for _ in range(7):
        with pytest.raises(PluginFailure) as failure:
            shop.run(runner, "p")
        kinds.append(failure.value.kind)
    assert kinds == ["raised"] * 5 + ["suspended"] * 2
    assert [suspends for _, _, _, suspends in shop.watcher.failures] == [False] * 4 + [True]
    assert shop.run(runner, "q") == (Tag(name="fine"),)
    assert runner.suspended() == ("p",)
    clock.now_s += 60.0
    with pytest.raises(PluginFailure) as failure:
        shop.run(runner, "p")
    assert failure.value.kind == "raised"


def test_too_many_calls_at_once_are_not_the_plugins_failure(shop: Shop) -> None:
    shop.write("p.py", plugin("import time\ntime.sleep(0.3)\nreturn [Tag(name='fine')]"))
    runner = shop.runner()
    shop.run(runner, "p")
    with ThreadPoolExecutor(12) as threads:
        calls = [threads.submit(shop.run, runner, "p", timeout_s=1.0) for _ in range(12)]
    kinds = [failure.kind for call in calls if isinstance(failure := call.exception(), PluginFailure)]
    assert set(kinds) == {"busy", "timeout"} or set(kinds) == {"busy"}
    assert kinds.count("timeout") <= 1
    assert runner.suspended() == ()


def test_the_message_is_kept_when_that_is_asked_for(shop: Shop, tmp_path: Path) -> None:
    shop.write("p.py", plugin("import os\nos.write(2, b'last words')\nos._exit(9)"))
    folder = tmp_path / "kept"
    runner = shop.runner(shop.load(crash_store=CrashStoreSettings(folder=folder)))
    with pytest.raises(PluginFailure):
        shop.run(runner, "p")
    (message,) = folder.glob("*.eml")
    (note,) = folder.glob("*.json")
    assert message.read_bytes() == EML
    assert json.loads(note.read_text())["output"] == "last words"
    assert json.loads(note.read_text())["text"] == "plugin p: the process has ended: status 9"


def test_a_message_that_cannot_be_kept_is_told(shop: Shop, tmp_path: Path) -> None:
    shop.write("p.py", plugin("raise ValueError"))
    (tmp_path / "file").write_text("")
    runner = shop.runner(shop.load(crash_store=CrashStoreSettings(folder=tmp_path / "file" / "kept")))
    with pytest.raises(PluginFailure):
        shop.run(runner, "p")
    assert shop.watcher.unkept == [("p", "Not a directory")]


def test_where_only_shipped_plugins_are_used_no_process_is_needed(shop: Shop) -> None:
    shop.write("p.py", plugin("return [Tag(name='fine')]"))
    shop.write("q.py", plugin("return [Tag(name='fine')]").replace("'p'", "'q'"), bundled=True)
    plugins = shop.load()
    plugins.settle()
    before = descendants_of(os.getpid())
    runner = shop.runner(plugins, used=["q"])
    runner.start()
    assert shop.run(runner, "q") == (Tag(name="fine"),)
    assert descendants_of(os.getpid()) == before
    with pytest.raises(PluginFailure, match="there are no plugin processes"):
        shop.run(runner, "p")


def test_an_unknown_plugin_is_a_failure(shop: Shop) -> None:
    with pytest.raises(PluginFailure, match="there is no plugin p"):
        shop.run(shop.runner(), "p")


def test_processes_are_replaced_after_so_many_messages(shop: Shop) -> None:
    shop.write("p.py", plugin("import os\nreturn [Tag(name=str(os.getpid()))]"))
    runner = shop.runner(shop.load(max_calls=3))
    (first,) = shop.run(runner, "p")
    wait_until(lambda: shop.run(runner, "p") != (first,), "another process")


def test_actions_are_values() -> None:
    assert len({Tag(name="x"), AddHeader(name="a", value="b"), Reject(), Moderate(by=("a@b.c",))}) == 4
