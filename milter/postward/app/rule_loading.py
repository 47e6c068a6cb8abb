# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the transport rules that a configuration names, with the plugins that they name."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from postward.errors import ConfigError, ConfigErrors
from postward.rules.errors import PluginFailure
from postward.rules.plugin_caller import PluginCaller
from postward.rules.rule_set import NO_RULE_SET, RuleSet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from postward.config import Configuration
    from postward.model.rule_action import RuleAction
    from postward.rules.compile.plugin_catalogue import SettingFault
    from postward.rules.message.message import Message
    from postward.rules.needs import Need
    from postward.rules.plugins.plugins import Plugins, PluginSettings
    from postward.rules.plugins.runner import PluginWatcher
    from postward.rules.services import RuleServices
    from postward.rules.testing import RuleTestOutcome

_MAX_TEST_FAULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRules:
    """Rules found good, and what they are run with."""

    rule_set: RuleSet
    plugins: Plugins | None
    """None where no rule names one."""
    digest: str = ""
    """Of the rules and of the plugins' code."""

    def runner(self, *, processes: int | None = None, watcher: PluginWatcher | None = None) -> RulePlugins:
        """Make what runs the plugins here; not to be taken over a fork."""
        if self.plugins is None:
            return NoPluginRunner()
        used = {rule.plugin for rule in self.rule_set.rules if rule.plugin}
        return self.plugins.runner(processes=processes, watcher=watcher, used=used)


class RulePlugins(PluginCaller, Protocol):
    """Runs plugins, and is to be closed."""

    def start(self) -> None:
        """Begin to start the processes, so that the first message need not wait for them."""
        ...

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until one of them can be called; False where none can."""
        ...

    def close(self) -> None:
        """End their processes."""
        ...


class NoPluginRunner:
    """Where no rule names a plugin."""

    def run(
        self,
        name: str,
        message: Message,  # noqa: ARG002 - the protocol's
        settings: Mapping[str, object],  # noqa: ARG002 - the protocol's
        *,
        timeout_s: float,  # noqa: ARG002 - the protocol's
        services: RuleServices,  # noqa: ARG002 - the protocol's
    ) -> tuple[RuleAction, ...]:
        """Fail."""
        raise PluginFailure(f"there is no plugin {name}")

    def start(self) -> None:
        """Nothing is needed."""

    def wait_until_ready(self, timeout_s: float) -> bool:  # noqa: ARG002 - the protocol's
        """Nothing is needed."""
        return True

    def close(self) -> None:
        """Nothing was begun."""


NO_RULES = LoadedRules(rule_set=NO_RULE_SET, plugins=None)


def load_rules_of(config: Configuration, path: Path | None = None) -> LoadedRules:
    """Read and compile them, ``path`` (a file or a folder) in place of those of the configuration.

    Raises ConfigErrors with every fault of every file.  Nothing of an operator's plugins runs in this process.
    """
    if path is None and not (config.rules.enabled and _has_files(config.rules.folder)):
        return _no_rules(config)
    # Without rules nobody needs the compiler, which takes a quarter of the time that Postward takes to start.
    from postward.rules.compile.load import load_rule_paths, load_rules  # noqa: PLC0415

    plugins = _PluginsOnDemand(config)
    names, seals = _known_names(config), config.sealing.enabled
    if path is not None and not path.is_dir():
        rule_set = load_rule_paths([path], plugins=plugins, known_names=names, now_s=time.time(), seals=seals)
    else:
        folder = config.rules.folder if path is None else path
        rule_set = load_rules(folder, plugins=plugins, known_names=names, now_s=time.time(), seals=seals)
    found = plugins.found
    if found is None:
        return LoadedRules(rule_set=rule_set, plugins=None, digest=rule_set.digest)
    found.settle()
    digest = hashlib.sha256(f"{rule_set.digest} {found.digest}".encode()).hexdigest()[:16]
    return LoadedRules(rule_set=rule_set, plugins=found, digest=digest)


def _no_rules(config: Configuration) -> LoadedRules:
    """Warn where a folder was named that there is not: its rules would be missed by nobody."""
    folder = config.rules.folder
    if not config.rules.enabled or not config.is_written("rules.folder") or folder.is_dir():
        return NO_RULES
    warning = ConfigError(str(folder), 0, "rules.folder", "there is no such folder", "make it, or name the right one")
    return LoadedRules(rule_set=RuleSet(warnings=[warning]), plugins=None)


def _has_files(folder: Path) -> bool:
    """Whether there may be rules, or what is meant as some; what cannot be looked into is for the compiler to tell."""
    try:
        return any(path.suffix.lower() in {".yaml", ".yml"} for path in folder.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


class _PluginsOnDemand:
    """A catalogue that looks for plugins when a rule first names one: others pay nothing for them."""

    def __init__(self, config: Configuration) -> None:
        self._config = config
        self.found: Plugins | None = None

    @property
    def _plugins(self) -> Plugins:
        if self.found is None:
            from postward.rules.plugins.plugins import load_plugins  # noqa: PLC0415 - see above

            self.found = load_plugins(plugin_settings(self._config))
        return self.found

    def names(self) -> Collection[str]:
        return self._plugins.names()

    def needs(self, name: str) -> frozenset[Need]:
        return self._plugins.needs(name)

    def may(self, name: str) -> frozenset[str]:
        return self._plugins.may(name)

    def timeout_s(self, name: str) -> float:
        return self._plugins.timeout_s(name)

    def on_error(self, name: str) -> str:
        return self._plugins.on_error(name)

    def check_settings(self, name: str, settings: Mapping[str, object], fault: SettingFault) -> None:
        self._plugins.check_settings(name, settings, fault)


def plugin_settings(config: Configuration) -> PluginSettings:
    """Where plugins are; a folder of the defaults need not be there."""
    from postward.rules.plugins.crash_store import CrashStoreSettings  # noqa: PLC0415 - see load_rules_of
    from postward.rules.plugins.plugins import PluginSettings  # noqa: PLC0415 - see load_rules_of

    section = config.rules
    is_written = config.is_written("rules.plugin_path")
    return PluginSettings(
        folders=tuple(folder for folder in section.plugin_path if is_written or folder.is_dir()),
        entry_points=section.entry_points,
        processes=section.plugin_processes,
        memory_bytes=section.plugin_memory_bytes,
        crash_store=CrashStoreSettings(folder=config.state_dir / "failed") if section.keep_failed else None,
    )


def check_tests(loaded: LoadedRules) -> None:
    """Run the tests beside the rules; raises ConfigErrors where one fails, for such rules must not come into force."""
    faults = [fault for outcome in run_rule_tests(loaded) if (fault := _fault(outcome)) is not None]
    if faults:
        raise ConfigErrors(faults[:_MAX_TEST_FAULTS])


def run_rule_tests(loaded: LoadedRules) -> Iterator[RuleTestOutcome]:
    """Run them one by one; plugins run where they do in the milter, and end afterwards."""
    rules = [rule for rule in loaded.rule_set.rules if rule.tests]
    if not rules:
        return
    from postward.rules.testing import run_tests  # noqa: PLC0415 - see load_rules_of

    runner = loaded.runner(processes=1)
    try:
        yield from run_tests(rules, runner)
    finally:
        runner.close()


def _fault(outcome: RuleTestOutcome) -> ConfigError | None:
    if not outcome.problems:
        return None
    path, _, line = outcome.test.where.rpartition(":")
    words = f"the test {outcome.test.name!r} of rule {outcome.rule} fails: {'; '.join(outcome.problems)}"
    return ConfigError(path, int(line) if line.isdecimal() else 0, "", words, "postward rules test tells more")


def _known_names(config: Configuration) -> Mapping[str, Collection[str]]:
    return {
        "route": tuple(config.routes),
        "archive": tuple(config.archive.stores),
        "notify": tuple(config.notify.templates),
    }
