# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin process, ``python -m postward.rules.plugins.child``: it runs what an operator has written."""

from __future__ import annotations

import faulthandler
import gc
import io
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from postward.errors import DirectoryUnavailable, TemporaryFailure
from postward.model.profile import Person
from postward.plugin_host.guard import read_order, run_guarded
from postward.plugin_host.limits import forbid_processes
from postward.plugin_host.serving import serve
from postward.rules import api  # noqa: F401 - loaded once, above all plugins
from postward.rules.errors import PluginFailure
from postward.rules.message.wire import from_wire
from postward.rules.plugins.calling import call_plugin
from postward.rules.plugins.capability import encode_actions
from postward.rules.plugins.definition import PluginError
from postward.rules.plugins.description import description_to_values
from postward.rules.plugins.loading import load_sources
from postward.rules.plugins.plugin_source import PluginSource
from postward.rules.plugins.profile_values import profile_from_values
from postward.rules.plugins.service_context import MAX_LOG_CHARS, MAX_LOG_LINES
from postward.rules.plugins.settings import build_settings

if TYPE_CHECKING:
    from postward.model.profile import Profile
    from postward.plugin_host.frames import Frame
    from postward.plugin_host.serving import Ask
    from postward.rules.plugins.loading import LoadedPlugin

_STDERR = 2
_MAX_SETTINGS = 1_000


class PluginServer:
    """Answers the requests of ``remote``."""

    def __init__(self) -> None:
        self._loaded: dict[str, LoadedPlugin] = {}
        self._settings: dict[str, Any] = {}
        self._said = Sayings()

    def handle(self, frame: Frame, ask: Ask) -> dict[str, Any]:
        """Do what is asked; what it may not survive ends the process."""
        match frame.values:
            case {"load": dict(order)}:
                return self._load(order, frame.blobs)
            case {"check": dict(order)}:
                return self._check(order)
            case {"run": dict(order)}:
                return {**self._run(order, frame.blobs, ask), "log": self._said.take()}
        raise ValueError("no request")

    def _load(self, order: dict[str, Any], codes: tuple[bytes, ...]) -> dict[str, Any]:
        sources = [PluginSource(**values, code=code) for values, code in zip(order["sources"], codes, strict=True)]
        sys.stdout = sys.stderr = self._said
        sys.path.extend(dict.fromkeys(source.folder for source in sources if source.folder))
        # Of one that crashes or does not come to an end it says where that was.
        faulthandler.enable(_STDERR)
        faulthandler.dump_traceback_later(order["dump_after_s"], file=_STDERR)
        self._loaded, faults = load_sources(sources)
        faulthandler.cancel_dump_traceback_later()
        forbid_processes()
        gc.freeze()
        return {
            "plugins": [description_to_values(plugin.description) for plugin in self._loaded.values()],
            "faults": [[fault.path, fault.line, fault.message, fault.hint] for fault in faults],
        }

    def _check(self, order: dict[str, Any]) -> dict[str, Any]:
        return {"fault": self._loaded[order["plugin"]].refusal(order["settings"])}

    def _run(self, order: dict[str, Any], octets: tuple[bytes, ...], ask: Ask) -> dict[str, Any]:
        context = RemoteContext(ask, self._said, order["deadline_s"])
        try:
            plugin = self._loaded[order["plugin"]]
            message = from_wire(order["message"], octets, context)
            settings = self._settings_of(plugin, order["settings"])
            return {"actions": encode_actions(call_plugin(plugin.definition, message, settings, context))}
        except PluginFailure as failure:
            if isinstance(failure.__cause__, MemoryError):
                raise failure.__cause__ from failure
            return {"failure": str(failure), "kind": failure.kind}
        except PluginError as error:
            return {"failure": f"settings: {error}", "kind": "settings"}
        except DirectoryUnavailable as failure:
            return {"unavailable": str(failure)}
        except TemporaryFailure as failure:
            return {"temporary": str(failure)}

    def _settings_of(self, plugin: LoadedPlugin, values: dict[str, Any]) -> Any:
        key = json.dumps([plugin.definition.id, values], sort_keys=True)
        if key not in self._settings:
            if len(self._settings) >= _MAX_SETTINGS:
                self._settings.clear()
            self._settings[key] = build_settings(plugin.definition.config, values)
        return self._settings[key]


class Sayings(io.TextIOBase):
    """What a plugin logs and prints during one call, up to a bound."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def write(self, text: str) -> int:
        """Keep what is printed, as lines of their own."""
        for line in text[: MAX_LOG_CHARS * MAX_LOG_LINES].splitlines():
            if line.strip():
                self.add(line)
        return len(text)

    def add(self, line: str) -> None:
        """Keep one line."""
        if len(self._lines) < MAX_LOG_LINES:
            self._lines.append(line[:MAX_LOG_CHARS])

    def take(self) -> list[str]:
        """Give all that was said, and forget it."""
        lines, self._lines = self._lines, []
        return lines


class RemoteContext:
    """See ``Context`` and ``RuleDirectory``; asks the worker."""

    def __init__(self, ask: Ask, said: Sayings, deadline_s: float) -> None:
        """``deadline_s`` by the machine's monotonic clock, which is the same for all processes."""
        self._ask = ask
        self._said = said
        self._deadline_s = deadline_s

    @property
    def directory(self) -> RemoteContext:
        """Itself."""
        return self

    @property
    def remaining_s(self) -> float:
        """Seconds until the plugin is given up."""
        return max(0.0, self._deadline_s - time.monotonic())

    def profile(self, address: str) -> Profile | None:
        """What is known of an address."""
        values = self._told({"profile": address})
        return None if values is None else profile_from_values(values)

    def find_by_display_name(self, name: str) -> tuple[Person, ...]:
        """All people whose name looks like this one."""
        found = self._told({"find": name})
        return tuple(Person(name=person, addresses=frozenset(addresses)) for person, addresses in found)

    def people(self) -> tuple[Person, ...]:
        """Nobody sends all of them to and fro."""
        raise PluginError("a plugin asks for people by name: context.directory.find_by_display_name")

    def is_hosted(self, domain: str) -> bool | None:
        """Whether a domain is ours."""
        answer: bool | None = self._told({"hosted": domain})
        return answer

    def knows(self, address: str) -> bool | None:
        """Whether a recipient exists."""
        answer: bool | None = self._told({"knows": address})
        return answer

    def rate(self, key: str, *, window_s: float, windows: int = 1) -> tuple[int, ...]:
        """Count one more event."""
        return tuple(self._told({"rate": [key, window_s, windows]}))

    def log(self, text: str) -> None:
        """Have a line in the log."""
        self._said.add(str(text))

    def _told(self, question: dict[str, Any]) -> Any:
        match self._ask(question):
            case {"value": value}:
                return value
            case {"unavailable": str(text)}:
                raise DirectoryUnavailable(text)
            case {"temporary": str(text)}:
                raise TemporaryFailure(text)
            case {"refused": str(text)}:
                raise PluginError(text)
        raise PluginError("the question was not understood")


def main() -> None:
    """Run until the worker lets go."""
    order = read_order(sys.argv[-1])
    run_guarded(order, lambda endpoint: serve(endpoint, PluginServer().handle))


if __name__ == "__main__":
    main()
