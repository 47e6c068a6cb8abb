# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus, set up as docs/monitoring.md says, scrapes a real ``postward run`` and evaluates the dashboard."""

from __future__ import annotations

import re

import pytest

from tests.mailhost.loopback import free_ports
from tests.mailhost.world import World
from tests.milter.filter import letters, running_filter
from tests.milter.foreign_session import ForeignSession
from tests.packages.monitoring.prometheus import Prometheus
from tests.unit.packaging.dashboard_file import PANELS, TARGETS
from tests.unit.packaging.generating import ROOT

GUIDE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
MESSAGES = 30
QUICK = "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
SHOWN = {
    "Messages", "Sessions", "Since", "Version", "What was done with messages", "SPF", "DKIM", "DMARC", "Reverse DNS",
    "Scores", "Most frequent symbols", "Queries by outcome", "Queries by type", "Time until an answer",
    "Workers that ask Redis", "Judging a message", "Stages", "Checks", "Configuration", "Lost",
    "Age of the configuration",
}  # fmt: skip
"""Panels that cannot be empty where mail flows."""


def configuration(port):
    """The block of the guide, with the port of this Postward and the file of this checkout."""
    block = re.search(r"(?ms)^```\n(scrape_configs:.*?)^```$", GUIDE)[1]
    rules = ROOT / "packaging" / "monitoring" / "prometheus-alerts.yaml"
    given = block.replace("127.0.0.1:9618", f"127.0.0.1:{port}")
    given = given.replace("/usr/share/postward/monitoring/prometheus-alerts.yaml", str(rules))
    assert given.count(str(port)) == given.count(str(rules)) == 1
    return QUICK + given


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """One that has seen mail come and go."""
    port = free_ports(1)[0]
    world = World()
    mail = letters(world)
    with (
        running_filter(world, metrics={"listen": f"127.0.0.1:{port}"}, redis={"url": "managed"}) as running,
        Prometheus(tmp_path_factory.mktemp("prometheus"), configuration(port)) as one,
    ):
        one.wait_for("postward_build_info")
        for number in range(MESSAGES):
            with ForeignSession(running.address) as session:
                letter = mail[number % len(mail)]
                session.greet(letter)
                session.deliver(letter, f"M{number}")
                session.quit()
                assert session.is_closed()
        one.wait_for(f"sum(postward_messages_total) >= {MESSAGES}")
        # A rate needs two scrapes, also of what appeared with the last message.
        one.wait_for("min(count_over_time(postward_symbol_hits_total[1m])) > 2")
        yield one


def evaluated(expression):
    return expression.replace("$instance", ".*").replace("$__rate_interval", "1m")


@pytest.mark.parametrize("target", TARGETS)
def test_every_expression_of_the_dashboard_is_evaluated(prometheus, target):
    for found in prometheus.query(evaluated(target["expr"])):
        for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
            assert label in found["metric"]


def test_panels_show_something_where_mail_flows(prometheus):
    filled = {
        panel["title"]
        for panel in PANELS
        if any(prometheus.query(evaluated(target["expr"])) for target in panel["targets"])
    }
    assert filled >= SHOWN


def test_every_alert_is_evaluated_and_none_fires_where_all_is_well(prometheus):
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    assert rules
    assert {(rule["name"], rule["health"], rule.get("lastError", "")) for rule in rules} == {
        (rule["name"], "ok", "") for rule in rules
    }
    assert prometheus.query('ALERTS{alertstate="firing"}') == []


def test_the_hosts_that_the_dashboard_offers(prometheus):
    assert [found["metric"]["job"] for found in prometheus.query("postward_build_info")] == ["postward"]
