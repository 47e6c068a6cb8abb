# SPDX-License-Identifier: GPL-3.0-or-later
"""Make what evaluates the transport rules, in a worker or for a trial."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.app.rates import open_rates
from postward.app.rule_directory import rule_directory
from postward.app.settings import authserv_id, origin_settings
from postward.pipeline.rule_engine import RuleEngine
from postward.pipeline.rule_question import RuleQuestion
from postward.pipeline.rule_stage import RuleStage
from postward.rules.at_recipient import RecipientRules
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.builder import InspectionSettings
from postward.rules.needs import Need
from postward.rules.route_check import route_objection
from postward.rules.services import RuleServices

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from postward.app.rule_loading import LoadedRules
    from postward.config import Configuration
    from postward.directory.directory import Directory
    from postward.model.rule_outcome import RuleMatch
    from postward.model.transaction import Transaction
    from postward.rules.plugins.runner import PluginWatcher
    from postward.rules.working_copy import WorkingCopy
    from postward.store.timed_calls import TimedCalls


_PLUGIN_START_S = 10.0


def inspection_settings(config: Configuration) -> InspectionSettings:
    """How far messages are looked into."""
    return InspectionSettings(max_inspected_bytes=config.rules.max_inspected_bytes, text_bytes=config.rules.text_bytes)


def make_rule_engine(
    config: Configuration,
    loaded: LoadedRules,
    directory: Directory,
    secret: bytes,
    *,
    report: Callable[[Transaction, tuple[RuleMatch, ...], str], None],
    watcher: PluginWatcher | None = None,
    calls: TimedCalls | None = None,
    counts_here: bool = False,
    wall_clock: Callable[[], float] = time.time,
) -> RuleEngine:
    """Make it, after the fork; ``report`` is told of rules that match while recipients come in.

    In monitor mode no recipient is answered.  Rates are counted in Redis, where ``calls`` is the way to it and not
    ``counts_here``, else in this process.
    """
    rule_set = loaded.rule_set
    counts_elsewhere = Need.RATE in rule_set.needs and not counts_here
    rates = open_rates(calls if counts_elsewhere else None)
    runner = loaded.runner(watcher=watcher)
    if not counts_here:
        runner.start()
        # A worker serves without its plugins rather than not at all: their rules take their on_error then.
        runner.wait_until_ready(_PLUGIN_START_S)
    services = RuleServices(directory=rule_directory(directory), rates=rates, secret=secret)
    origin = origin_settings(config)
    evaluation = RuleEvaluation(
        rule_set,
        runner,
        EvaluationSettings(budget_s=config.rules.budget_s),
        route_objection=route_objections(tuple(config.routes)),
        digest=loaded.digest,
    )
    recipient_rules = RecipientRules(rule_set, runner, digest=loaded.digest)
    is_silent = recipient_rules.is_empty or config.mode == "monitor"

    return RuleEngine(
        stage=RuleStage(
            evaluation,
            services,
            inspection_settings(config),
            origin,
            authserv_id=authserv_id(config),
            hides_subdomain_results=config.output.remove_subdomain_results,
        ),
        question=None if is_silent else RuleQuestion(recipient_rules, services, origin, report, wall_clock=wall_clock),
        close=runner.close,
    )


def route_objections(routes: Collection[str]) -> Callable[[str, WorkingCopy], str]:
    """Make what says why a message cannot take a route, one of ``routes``."""

    def objection(name: str, copy: WorkingCopy) -> str:
        if name not in routes:
            return f"there is no route {name}"
        recipients = [view.address for view in copy.remaining]
        return route_objection([*recipients, *copy.added], copy.came.directory)

    return objection
