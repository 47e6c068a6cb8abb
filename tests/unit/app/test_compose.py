# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.compose import enabled_checks, message_lookup
from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.checks.sender import SenderCheck
from postward.config import load
from postward.observability.families import CHECKS

NOW_S = 1000.0


class Resolver:
    """Notes the budget that it is asked to keep."""

    def lookup(self, budget):
        self.budget = budget
        return self


def budget(tmp_path, text):
    path = tmp_path / "postward.yaml"
    path.write_text(text)
    return message_lookup(Resolver(), load(path), clock=lambda: NOW_S).budget


def test_a_message_has_an_allowance_of_queries_and_time(tmp_path):
    given = budget(tmp_path, "dns: {time_per_message_s: 7, queries_per_message: 77}\n")
    assert (given.max_queries, given.deadline_s) == (77, NOW_S + 7)


@pytest.mark.parametrize("text", ["message: {deadline_s: 3}", "message: {deadline_s: 3}\ndns: {time_per_message_s: 3}"])
def test_dns_ends_soon_after_the_messages_own_deadline_but_not_with_it(tmp_path, text):
    assert NOW_S + 3 < budget(tmp_path, text).deadline_s < NOW_S + 5


def test_metrics_know_each_check_by_its_name():
    config = load(None)
    checks = enabled_checks(config, SenderCheck(open_directory(plan_directory(config))))
    assert {check.name for check in checks} <= CHECKS
