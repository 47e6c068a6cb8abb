# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that judge messages by rules in a text, with no configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.rule_judging import RuleJudge
from postward.app.rule_message import RuleMessages
from postward.checks.origin import OriginSettings
from postward.rules.compile.load import load_rule_paths
from postward.rules.counted_here import CountedHere
from postward.rules.errors import PluginFailure
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.builder import InspectionSettings
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.services import RuleServices

if TYPE_CHECKING:
    from pathlib import Path

DIRECTORY = StaticDirectory(hosted=["example.com"])


class NoPlugins:
    def run(self, name, message, settings, *, timeout_s, services):
        raise PluginFailure(f"plugin {name} has crashed")


def judge_of(folder: Path, text: str, name: str = "rules.yaml") -> RuleJudge:
    path = folder / name
    path.write_text(text)
    rule_set = load_rule_paths([path])
    services = RuleServices(directory=DIRECTORY, rates=CountedHere())

    def make_evaluation(rules, plugins):
        return RuleEvaluation(rules, plugins, EvaluationSettings(), route_objection=lambda _name, _copy: "")

    return RuleJudge(rule_set, NoPlugins(), services, make_evaluation)


def messages(**origin) -> RuleMessages:
    return RuleMessages(DIRECTORY, OriginSettings(**origin), InspectionSettings(), authserv_id="mx.example.com")
