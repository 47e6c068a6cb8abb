# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands about rules work with: the rules of a configuration, or others, and nothing that they could do."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from postward.app.configuration_file import configuration_in_force
from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.app.mark_secret import kept_mark_secret
from postward.app.rule_directory import rule_directory
from postward.app.rule_engine import inspection_settings, route_objections
from postward.app.rule_judging import RuleJudge
from postward.app.rule_loading import load_rules_of, run_rule_tests
from postward.app.rule_message import RuleMessages
from postward.app.settings import authserv_id, origin_settings
from postward.errors import ConfigError, ConfigErrors, UsageError
from postward.rules.counted_here import CountedHere
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.services import RuleServices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postward.app.rule_loading import LoadedRules
    from postward.config import Configuration
    from postward.rules.plugin_caller import PluginCaller
    from postward.rules.rule_set import RuleSet
    from postward.rules.services import RuleDirectory
    from postward.rules.testing import RuleTestOutcome


def read_rules(config_path: Path | None, rules_path: Path | None) -> LoadedRules:
    """Read the rules of a configuration, or those of ``rules_path`` in their place.  Raises ConfigErrors."""
    return _load(configuration_in_force(config_path), rules_path)


@contextmanager
def open_rules(config_path: Path | None, rules_path: Path | None) -> Iterator[RuleParts]:
    """Give the parts, with the directory open; raises ConfigErrors."""
    config = configuration_in_force(config_path)
    loaded = _load(config, rules_path)
    with ExitStack() as opened:
        directory = open_directory(plan_directory(config))
        opened.callback(directory.close)
        yield RuleParts(config, loaded, rule_directory(directory), opened)


class RuleParts:
    """Rules on messages, without an MTA: nothing is delivered, kept, sent or counted for others."""

    def __init__(self, config: Configuration, loaded: LoadedRules, directory: RuleDirectory, opened: ExitStack) -> None:
        """``opened`` ends what is begun here."""
        self._config = config
        self._loaded = loaded
        self._directory = directory
        self._opened = opened
        self.judge = self._judge_of(loaded)
        self.messages = RuleMessages(
            directory, origin_settings(config), inspection_settings(config), authserv_id=authserv_id(config)
        )

    @property
    def rule_set(self) -> RuleSet:
        """The rules."""
        return self._loaded.rule_set

    def run_tests(self) -> Iterator[RuleTestOutcome]:
        """Run the tests beside the rules one by one."""
        return run_rule_tests(self._loaded)

    def other_judge(self, path: Path) -> RuleJudge:
        """Give what judges by the rules of another file or folder; raises ConfigErrors."""
        return self._judge_of(_load(self._config, path))

    def _judge_of(self, loaded: LoadedRules) -> RuleJudge:
        runner = loaded.runner(processes=1)
        self._opened.callback(runner.close)
        settings = EvaluationSettings(budget_s=self._config.rules.budget_s)
        objection = route_objections(tuple(self._config.routes))

        def make_evaluation(rule_set: RuleSet, plugins: PluginCaller) -> RuleEvaluation:
            return RuleEvaluation(rule_set, plugins, settings, route_objection=objection, digest=loaded.digest)

        # Nothing is counted in Redis, whatever the configuration says.
        services = RuleServices(directory=self._directory, rates=CountedHere(), secret=_secret(self._config))
        return RuleJudge(loaded.rule_set, runner, services, make_evaluation)


def _secret(config: Configuration) -> bytes:
    """The host's own, where whoever asks may read it; else no mark in a header field is known."""
    try:
        return kept_mark_secret(config.state_dir)
    except UsageError:
        return b""


def _load(config: Configuration, rules_path: Path | None) -> LoadedRules:
    if rules_path is None:
        return load_rules_of(config)
    if not rules_path.exists():
        raise ConfigErrors([ConfigError(str(rules_path), 0, "", "there is no such file or folder")])
    return load_rules_of(config, rules_path)
