# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.greylisting import GreylistResult, GreylistStatus
from postward.observability.families import FAMILIES, Kind
from postward.observability.message_metrics import count_message, count_rules
from postward.observability.metrics import WorkerMetrics
from postward.pipeline import greylist_stage, quota_stage, reputation_stage

NOW_S = 1_700_000_000.5


def counted(transaction, action="junk"):
    metrics = WorkerMetrics({"symbol": frozenset({"SPF_FAIL"})})
    count_message(metrics, transaction, action=action, now_s=NOW_S)
    return metrics.take()


def counters(delta):
    return {series: amount for series, amount in delta.items() if FAMILIES[series[0]].kind is Kind.COUNTER}


def test_one_message_is_counted_by_action_result_and_symbol(judged):
    judged.facts.not_checked = {"arc": "time is up"}
    assert counters(counted(judged)) == {
        ("postward_messages_total", ("junk",)): 1,
        ("postward_check_results_total", ("spf", "fail")): 1,
        ("postward_check_results_total", ("spf_helo", "none")): 1,
        ("postward_check_results_total", ("dkim", "pass")): 1,
        ("postward_check_results_total", ("dkim", "fail")): 1,
        ("postward_check_results_total", ("arc", "pass")): 1,
        ("postward_check_results_total", ("arc", "not_checked")): 1,
        ("postward_check_results_total", ("dmarc", "fail")): 1,
        ("postward_check_results_total", ("iprev", "pass")): 1,
        ("postward_symbol_hits_total", ("SPF_FAIL",)): 1,
        ("postward_symbol_hits_total", ("other",)): 1,
        ("postward_signed_messages_total", ("dkim",)): 1,
        ("postward_keys_unusable_messages_total", ("arc",)): 1,
    }


def test_times_and_score_are_observed_in_seconds_and_points(judged):
    delta = counted(judged)
    assert delta["postward_check_duration_seconds", ("spf",)].total == 0.00125
    assert delta["postward_transaction_duration_seconds", ("scoring",)].total == 0.000125
    assert delta["postward_transaction_duration_seconds", ("total",)].total == 0.5
    assert delta["postward_score", ()].total == 8.0


def test_an_unsigned_message_counts_as_one_without_signature(judged):
    judged.facts.dkim = ()
    assert counters(counted(judged))["postward_check_results_total", ("dkim", "none")] == 1


@pytest.mark.parametrize(("status", "result"), [(GreylistStatus.DELAYED, "delayed"), (GreylistStatus.PASSED, "passed")])
def test_suspects_are_counted_by_what_greylisting_says(bare, status, result):
    bare.facts.greylisting = GreylistResult(status=status)
    assert counters(counted(bare))["postward_check_results_total", ("greylisting", result)] == 1


def test_a_suspect_that_greylisting_could_not_be_asked_about_counts_as_not_checked(bare):
    bare.facts.greylisting = GreylistResult(status=GreylistStatus.UNKNOWN)
    bare.facts.not_checked = {"greylisting": "Redis is silent"}
    found = counters(counted(bare))
    assert found.pop(("postward_check_results_total", ("greylisting", "not_checked"))) == 1
    assert list(found) == [("postward_messages_total", ("junk",))]


def test_a_message_without_any_fact_counts_as_a_message(bare):
    assert counters(counted(bare, "error")) == {("postward_messages_total", ("error",)): 1}


def test_no_label_holds_what_a_sender_chose(judged):
    judged.stage_ms = {"joe@example.com": 1.0}
    judged.facts.not_checked = {"evil.example": "x"}
    labels = {label for _, labels in counted(judged, "joe@example.com") for label in labels}
    assert not any("example" in label for label in labels)


def test_rules_are_counted_by_id_and_mode_and_a_failure_is_no_match(ruled):
    metrics = WorkerMetrics({"rule": frozenset({"external", "trial", "broken"})})
    count_rules(metrics, ruled.rules.matches)
    assert metrics.take() == {
        ("postward_rule_matches_total", ("external", "enforce")): 1,
        ("postward_rule_matches_total", ("trial", "audit")): 1,
        ("postward_rule_failures_total", ("broken",)): 1,
        ("postward_rule_seconds_total", ("external",)): 0.0015,
        ("postward_rule_seconds_total", ("trial",)): 0.00025,
        ("postward_rule_seconds_total", ("broken",)): 0.002,
    }


def test_a_rule_that_is_not_known_counts_as_other(ruled):
    metrics = WorkerMetrics({"rule": frozenset({"trial"})})
    count_rules(metrics, ruled.rules.matches)
    assert {labels[0] for _, labels in metrics.take()} == {"other", "trial"}


@pytest.mark.parametrize("stage", [greylist_stage, quota_stage, reputation_stage])
def test_what_redis_did_not_answer_is_counted_by_its_name(judged, stage):
    judged.facts.not_checked = {stage.NAME: "Redis did not answer"}
    assert counted(judged)[("postward_check_results_total", (stage.NAME, "not_checked"))] == 1
