# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins in files, loaded and run as the service does it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from postward.model.profile import Profile
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from postward.rules.services import RuleServices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from postward.rules.message.message import Message
    from postward.rules.plugins.plugins import Plugins
    from postward.rules.plugins.runner import PluginRunner

ANNA = Profile(address="anna@example.org", name="Anna Ampel", groups=frozenset({"staff"}), attributes={"city": "Bonn"})
EML = b"From: Anna <anna@example.com>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nSome text.\r\n"
HEAD = "from __future__ import annotations\nfrom postward.rules.api import *\n"


class Counters:
    """Rates of one process; ``keys`` has what was counted."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def count(self, key: str, *, windows: int, window_s: float, now_s: float) -> tuple[int, ...]:
        self.keys.append(key)
        return (self.keys.count(key), *[0] * (windows - 1))


class Watcher:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.failures: list[tuple[str, str, str, bool]] = []
        self.unkept: list[tuple[str, str]] = []

    def said(self, plugin: str, line: str) -> None:
        self.lines.append((plugin, line))

    def failed(self, plugin: str, kind: str, text: str, *, suspends: bool) -> None:
        self.failures.append((plugin, kind, text, suspends))

    def not_kept(self, plugin: str, reason: str) -> None:
        self.unkept.append((plugin, reason))


class Shop:
    """A folder for plugins of the operator, and one for those that come with Postward."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "own"
        self.bundled = folder / "bundled"
        self.folder.mkdir()
        self.bundled.mkdir()
        self.counters = Counters()
        self.directory = StaticDirectory(hosted=["example.org"], profiles=[ANNA])
        self.watcher = Watcher()
        self._closing: list[Callable[[], None]] = []

    def write(self, name: str, code: str, *, bundled: bool = False, head: str = HEAD) -> Path:
        path = (self.bundled if bundled else self.folder) / name
        path.write_text(head + textwrap.dedent(code))
        return path

    def load(self, **settings: Any) -> Plugins:
        plugins = load_plugins(PluginSettings(**{"folders": (self.folder,), **settings}), bundled=self.bundled)
        self._closing.append(plugins.settle)
        return plugins

    def runner(self, plugins: Plugins | None = None, **changes: Any) -> PluginRunner:
        runner = (plugins or self.load()).runner(**{"watcher": self.watcher, "processes": 1, **changes})
        self._closing.append(runner.close)
        return runner

    def run(self, runner: PluginRunner, name: str, message: Message | None = None, **changes: Any) -> Any:
        services = RuleServices(directory=self.directory, rates=self.counters)
        arguments = {"settings": {}, "timeout_s": 5.0, "services": services, **changes}
        return runner.run(name, message or a_message(directory=self.directory), **arguments)

    def close(self) -> None:
        for close in self._closing:
            close()


def a_message(content: bytes = EML, **changes: Any) -> Message:
    return message_from(content, **{"mail_from": "anna@example.com", "recipients": ["b@example.org"], **changes})


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()
