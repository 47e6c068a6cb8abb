# SPDX-License-Identifier: GPL-3.0-or-later
"""Run any plugin by its name: where it belongs, unless it is suspended, and its failures told and counted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from postward.observability.escape import escape, shorten
from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.rules.errors import PluginFailure
from postward.rules.plugins.calling import call_plugin
from postward.rules.plugins.definition import PluginError
from postward.rules.plugins.names import NameIndex
from postward.rules.plugins.service_context import ServiceContext
from postward.rules.plugins.settings import build_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from postward.model.rule_action import RuleAction
    from postward.rules.message.message import Message
    from postward.rules.plugins.breaker import PluginBreaker
    from postward.rules.plugins.crash_store import CrashStore
    from postward.rules.plugins.description import PluginDescription
    from postward.rules.plugins.loading import LoadedPlugin
    from postward.rules.plugins.remote import RemotePlugins
    from postward.rules.services import RuleServices

_NOT_ITS_FAULT = frozenset({HostFailureKind.BUSY.value, HostFailureKind.UNAVAILABLE.value})
_MAX_TEXT_CHARS = 500
_MAX_SETTINGS = 1_000


class PluginWatcher(Protocol):
    """Is told of what goes on; texts are bounded and hold printable characters only.  Called from many threads."""

    def said(self, plugin: str, line: str) -> None:
        """A plugin has something for the log."""
        ...

    def failed(self, plugin: str, kind: str, text: str, *, suspends: bool) -> None:
        """A call has failed; ``suspends`` where it was one too many."""
        ...

    def not_kept(self, plugin: str, reason: str) -> None:
        """The message on which it failed could not be stored."""
        ...


class NobodyWatches:
    """Tells nobody."""

    def said(self, plugin: str, line: str) -> None:
        """Nothing."""

    def failed(self, plugin: str, kind: str, text: str, *, suspends: bool) -> None:
        """Nothing."""

    def not_kept(self, plugin: str, reason: str) -> None:
        """Nothing."""


class PluginRunner:
    """Safe from every thread; begins plugin processes when it needs them, and must not be taken over a fork then."""

    def __init__(
        self,
        plugins: Mapping[str, PluginDescription],
        bundled: Mapping[str, LoadedPlugin],
        remote: RemotePlugins | None,
        *,
        breaker: PluginBreaker,
        crash_store: CrashStore | None = None,
        watcher: PluginWatcher | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``remote`` runs all that are not bundled; ``clock`` is the machine's monotonic one."""
        self._plugins = plugins
        self._bundled = InProcessPlugins(bundled)
        self._remote = remote
        self._breaker = breaker
        self._crash_store = crash_store
        self._watcher = watcher or NobodyWatches()
        self._names = NameIndex()
        self._clock = clock

    def start(self) -> None:
        """Begin to start the plugin processes; returns at once."""
        if self._remote is not None:
            self._remote.start()

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until plugins can be called at once: until then waiting counts against the time of each call."""
        return self._remote is None or self._remote.wait_until_ready(timeout_s)

    def run(
        self,
        name: str,
        message: Message,
        settings: Mapping[str, object],
        *,
        timeout_s: float,
        services: RuleServices,
    ) -> tuple[RuleAction, ...]:
        """Give the actions that a plugin wants; raises PluginFailure, and TemporaryFailure of what it has asked."""
        plugin = self._plugins.get(name)
        if plugin is None:
            raise PluginFailure(f"there is no plugin {name}", kind="unknown")
        self._breaker.check(name)
        context = ServiceContext(
            plugin=name,
            needs=plugin.needs,
            services=services,
            names=self._names,
            now_s=message.now_s,
            deadline_s=self._clock() + timeout_s,
            clock=self._clock,
        )
        try:
            return self._run(plugin, message, settings, context)
        except PluginFailure as failure:
            raise self._told(plugin, message, failure) from failure
        finally:
            for line in context.lines:
                self._watcher.said(name, _line(line))

    def suspended(self) -> tuple[str, ...]:
        """Names of the plugins that are suspended now."""
        return self._breaker.suspended()

    def close(self) -> None:
        """End the plugin processes."""
        if self._remote is not None:
            self._remote.close()

    def _run(
        self, plugin: PluginDescription, message: Message, settings: Mapping[str, object], context: ServiceContext
    ) -> tuple[RuleAction, ...]:
        if plugin.is_bundled:
            return self._bundled.run(plugin.id, message, settings, context)
        if self._remote is None:
            raise PluginFailure("there are no plugin processes", kind=HostFailureKind.UNAVAILABLE.value)
        return self._remote.run(plugin, message, settings, context=context)

    def _told(self, plugin: PluginDescription, message: Message, failure: PluginFailure) -> PluginFailure:
        text = _line(f"plugin {plugin.id}: {failure}")
        suspends = failure.kind not in _NOT_ITS_FAULT and self._breaker.failed(plugin.id)
        self._watcher.failed(plugin.id, failure.kind, text, suspends=suspends)
        if self._crash_store is not None and failure.kind not in _NOT_ITS_FAULT:
            output = failure.__cause__.output if isinstance(failure.__cause__, HostFailure) else b""
            try:
                self._crash_store.keep(message, plugin=plugin.id, kind=failure.kind, text=text, output=output)
            except OSError as error:
                self._watcher.not_kept(plugin.id, _line(error.strerror or "it cannot be written"))
        return PluginFailure(text, kind=failure.kind)


class InProcessPlugins:
    """Those that Postward ships, called in the worker itself."""

    def __init__(self, loaded: Mapping[str, LoadedPlugin]) -> None:
        self._loaded = loaded
        self._settings: dict[int, tuple[Mapping[str, object], object]] = {}

    def run(
        self, name: str, message: Message, settings: Mapping[str, object], context: ServiceContext
    ) -> tuple[RuleAction, ...]:
        """Call one; raises PluginFailure, and TemporaryFailure of what it has asked."""
        definition = self._loaded[name].definition
        return call_plugin(definition, message, self._built(name, settings), context)

    def _built(self, name: str, settings: Mapping[str, object]) -> object:
        """Make settings once for each rule, whose mapping stays the same object."""
        known = self._settings.get(id(settings))
        if known is not None and known[0] is settings:
            return known[1]
        try:
            built = build_settings(self._loaded[name].definition.config, settings)
        except PluginError as error:
            raise PluginFailure(f"settings: {error}", kind="settings") from error
        if len(self._settings) < _MAX_SETTINGS:
            self._settings[id(settings)] = (settings, built)
        return built


def _line(text: str) -> str:
    return escape(shorten(text, _MAX_TEXT_CHARS))
