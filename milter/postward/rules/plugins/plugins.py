# SPDX-License-Identifier: GPL-3.0-or-later
"""All plugins that rules may name, found and checked."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.errors import ConfigError, ConfigErrors
from postward.plugin_host.pool import PoolSettings
from postward.rules.plugins.breaker import BreakerSettings, PluginBreaker
from postward.rules.plugins.crash_store import CrashStore
from postward.rules.plugins.inspection import Inspector
from postward.rules.plugins.loading import doubled, load_sources
from postward.rules.plugins.remote import RemotePlugins, host_settings
from postward.rules.plugins.runner import PluginRunner
from postward.rules.plugins.settings import check_settings
from postward.rules.plugins.sources import bundled_folder, digest_of, installed_sources, read_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from postward.rules.needs import Need
    from postward.rules.plugins.crash_store import CrashStoreSettings
    from postward.rules.plugins.description import PluginDescription
    from postward.rules.plugins.loading import LoadedPlugin, LoadFault
    from postward.rules.plugins.plugin_source import PluginSource
    from postward.rules.plugins.runner import PluginWatcher
    from postward.rules.plugins.settings import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginSettings:
    """Where plugins are, and what their processes may use."""

    folders: tuple[Path, ...] = ()
    """Of the operator, looked into in this order."""
    entry_points: bool = False
    """Take those of installed packages too."""
    processes: int = 2
    """Of each worker, once an operator's plugin is there."""
    memory_bytes: int = 536_870_912
    """Of the address space of each process."""
    load_timeout_s: float = 10.0
    max_calls: int = 500
    """After so many a process is replaced."""
    breaker: BreakerSettings = field(default_factory=BreakerSettings)
    crash_store: CrashStoreSettings | None = None
    """Keep messages on which a plugin fails; None keeps none."""


class Plugins:
    """See ``rules.compile.plugin_catalogue.PluginCatalogue``; may be taken over a fork after ``settle``."""

    def __init__(
        self,
        settings: PluginSettings,
        descriptions: Mapping[str, PluginDescription],
        *,
        bundled: Mapping[str, LoadedPlugin],
        sources: Sequence[PluginSource],
        inspector: Inspector | None,
        digest: str,
    ) -> None:
        """``sources`` are those of the operator; ``inspector`` has them loaded."""
        self._settings = settings
        self._descriptions = descriptions
        self._bundled = bundled
        self._sources = sources
        self._inspector = inspector
        self.digest = digest
        """Of the code of all plugins, in hex."""

    def names(self) -> tuple[str, ...]:
        """All that there are."""
        return tuple(sorted(self._descriptions))

    def describe(self, name: str) -> PluginDescription:
        """Give all that a plugin declares; raises KeyError."""
        return self._descriptions[name]

    def needs(self, name: str) -> frozenset[Need]:
        """What a plugin reads."""
        return self._descriptions[name].needs

    def may(self, name: str) -> frozenset[str]:
        """The kinds of action that it may take."""
        return self._descriptions[name].may

    def timeout_s(self, name: str) -> float:
        """What it gives itself."""
        return self._descriptions[name].timeout_s

    def on_error(self, name: str) -> str:
        """What it wants done when it fails; "" leaves it to what it may do."""
        return self._descriptions[name].on_error

    def check_settings(self, name: str, settings: Mapping[str, object], fault: Fault) -> None:
        """Report each setting that it does not take; where all types are right, its own class has the last word."""
        description = self._descriptions[name]
        if not check_settings(description.schema, settings, fault):
            return
        refusal = self._refusal(description, settings)
        if refusal:
            fault((), refusal, "")

    def settle(self) -> None:
        """End the process that has checked settings; it comes again where more are to be checked."""
        if self._inspector is not None:
            self._inspector.close()

    def runner(
        self,
        *,
        watcher: PluginWatcher | None = None,
        processes: int | None = None,
        used: Collection[str] | None = None,
        breaker_clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> PluginRunner:
        """Make what runs them here; ``processes`` other than those of the settings, as for tests of rules.

        ``used``: the plugins that will be called; where all of them are shipped ones, no process is needed.
        """
        store = self._settings.crash_store
        return PluginRunner(
            self._descriptions,
            self._bundled,
            self._remote(processes or self._settings.processes) if self._needs_processes(used) else None,
            breaker=PluginBreaker(self._settings.breaker, clock=breaker_clock),
            crash_store=CrashStore(store, clock=wall_clock) if store is not None else None,
            watcher=watcher,
        )

    def _needs_processes(self, used: Collection[str] | None) -> bool:
        names = self._descriptions if used is None else used
        return any(name in self._descriptions and not self._descriptions[name].is_bundled for name in names)

    def _remote(self, processes: int) -> RemotePlugins:
        host = host_settings(
            self._sources, memory_bytes=self._settings.memory_bytes, load_timeout_s=self._settings.load_timeout_s
        )
        return RemotePlugins(host, PoolSettings(processes=processes, max_calls=self._settings.max_calls))

    def _refusal(self, description: PluginDescription, settings: Mapping[str, object]) -> str:
        if description.is_bundled:
            return self._bundled[description.id].refusal(settings)
        return self._inspector.refusal(description.id, settings) if self._inspector is not None else ""


def load_plugins(settings: PluginSettings, *, bundled: Path | None = None) -> Plugins:
    """Find and check all plugins; ``bundled`` in place of the folder that Postward ships.  Raises ConfigErrors."""
    errors: list[ConfigError] = []
    shipped_folder = bundled or bundled_folder()
    shipped = read_folder(shipped_folder, 0, errors) if shipped_folder is not None else []
    sources = [
        source for number, folder in enumerate(settings.folders, 1) for source in read_folder(folder, number, errors)
    ]
    if settings.entry_points:
        sources.extend(installed_sources())
    loaded, faults = load_sources(shipped, is_bundled=True)
    descriptions = {name: plugin.description for name, plugin in loaded.items()}
    inspector = None
    if sources:
        inspector = Inspector(sources, memory_bytes=settings.memory_bytes, load_timeout_s=settings.load_timeout_s)
        faults.extend(_add_operators(inspector, descriptions))
    errors.extend(ConfigError(fault.path, fault.line, "", fault.message, fault.hint) for fault in faults)
    if errors:
        if inspector is not None:
            inspector.close()
        raise ConfigErrors(errors)
    return Plugins(
        settings,
        descriptions,
        bundled=loaded,
        sources=sources,
        inspector=inspector,
        digest=digest_of([*shipped, *sources]),
    )


def _add_operators(inspector: Inspector, descriptions: dict[str, PluginDescription]) -> list[LoadFault]:
    found, faults = inspector.descriptions()
    for description in found:
        other = descriptions.get(description.id)
        if other is not None:
            faults.append(doubled(description, other))
        else:
            descriptions[description.id] = description
    return faults
