# SPDX-License-Identifier: GPL-3.0-or-later
"""The alert rules: well formed, of metrics that exist, explained, and each tried by promtool in both directions."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
import yaml

from postward.observability.families import FAMILIES
from tests.packages.monitoring.alert_cases import CASES
from tests.unit.packaging.generating import ROOT
from tests.unit.packaging.promql import faults, metrics_in

PATH = ROOT / "packaging" / "monitoring" / "prometheus-alerts.yaml"
GUIDE = ROOT / "docs" / "monitoring.md"
RULES = {
    rule["alert"]: rule
    for group in yaml.safe_load(PATH.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
WATCHED = {
    "postward_redis_up", "postward_redis_restarts_total", "postward_redis_failures_total", "postward_config_stale",
    "postward_reputation_updates_lost_total", "postward_worker_restarts_total", "postward_messages_total",
    "postward_keys_unusable_messages_total", "postward_log_lines_lost_total", "postward_events_lost_total",
    "postward_event_store_failures_total", "postward_reports_refused_total",
}  # fmt: skip
"""Of these nobody looks at a dashboard at night."""


def promtool(*arguments):
    return subprocess.run(["promtool", *arguments], check=False, capture_output=True, text=True)


def test_promtool_takes_them():
    done = promtool("check", "rules", PATH)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RULES)} rules found" in done.stdout


@pytest.mark.parametrize("name", RULES)
def test_each_is_complete_and_names_what_exists(name):
    rule = RULES[name]
    notes = rule["annotations"]
    assert rule["for"]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert faults(rule["expr"], notes["summary"], notes["description"].replace("$value", "")) == []
    assert len(notes["summary"]) < 100
    assert notes["description"].endswith(".")
    assert notes["runbook"] == f"docs/monitoring.md#{name.lower()}"


def test_each_is_explained_and_nothing_that_is_none():
    alerts = GUIDE.read_text(encoding="utf-8").partition("\n## Alerts\n")[2].partition("\n## ")[0]
    sections = re.split(r"(?m)^### (.*)$", alerts)[1:]
    explained = dict(zip(sections[::2], sections[1::2], strict=True))
    assert explained.keys() == RULES.keys()
    assert all("Do:" in text for text in explained.values())


def test_what_nobody_would_see_by_himself_is_watched():
    watched = {name for rule in RULES.values() for name in metrics_in(rule["expr"])}
    assert watched >= WATCHED
    assert FAMILIES.keys() >= WATCHED


def test_each_has_a_case_that_fires_and_one_that_does_not():
    assert sorted((case.alert, case.fires) for case in CASES) == sorted(
        (name, fires) for name in RULES for fires in (True, False)
    )


def test_they_fire_when_they_should_and_only_then(tmp_path):
    tests = {
        "rule_files": [str(PATH)],
        "evaluation_interval": "1m",
        "tests": [case_for_promtool(case) for case in CASES],
    }
    path = tmp_path / "cases.yaml"
    path.write_text(json.dumps(tests), encoding="utf-8")
    done = promtool("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


def case_for_promtool(case):
    """What is expected is all that fires, so that no alert fires for what is another's."""
    names = sorted(case.others | ({case.alert} if case.fires else set()))
    labels = {"alertstate": "firing", "instance": "mx"}
    expected = [
        {
            "labels": series("ALERTS", labels | {"alertname": name, "severity": RULES[name]["labels"]["severity"]}
                             | (case.labels if name == case.alert else {})),
            "value": 1,
        }
        for name in names
    ]  # fmt: skip
    return {
        "name": f"{case.alert} {'fires' if case.fires else 'is quiet'}",
        "interval": "1m",
        "input_series": [{"series": on_host(name), "values": values} for name, values in case.series.items()],
        "promql_expr_test": [
            {"expr": 'ALERTS{alertstate="firing"}', "eval_time": "1h", "exp_samples": expected},
        ],
    }


def on_host(name):
    """The series as Prometheus stores it, with the host that it was scraped from."""
    return f'{name[:-1]}, instance="mx"}}' if name.endswith("}") else f'{name}{{instance="mx"}}'


def series(name, labels):
    return f"{name}{{{', '.join(f'{label}={json.dumps(value)}' for label, value in labels.items())}}}"
