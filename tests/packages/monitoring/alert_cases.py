# SPDX-License-Identifier: GPL-3.0-or-later
"""For each alert what has it fire, and what is close to that and must not; values are written as promtool has them.

All are looked at after an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ALWAYS = "{}+0x90"
STEADY = "0+{}x90"
ONCE = "{0}+0x50 {1}+0x40"
"""From the first value to the second ten minutes ago."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What Prometheus has scraped, and whether the alert fires."""

    alert: str
    fires: bool
    series: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)
    """Of the alert, besides instance."""
    others: frozenset[str] = frozenset()
    """Alerts that fire with it, for they ask for less."""


def _pair(alert, firing, quiet, *, others=(), **labels):
    """Two cases: values by series that fire, and values that do not."""
    return (
        Case(alert=alert, fires=True, series=firing, labels=labels, others=frozenset(others)),
        Case(alert=alert, fires=False, series=quiet, others=frozenset(others) & QUIET_OTHERS.get(alert, frozenset())),
    )


def _messages(accepted, failed):
    return {'postward_messages_total{action="accept"}': accepted, 'postward_messages_total{action="error"}': failed}


def _queries(good, bad):
    return {
        'postward_dns_queries_total{type="TXT", result="ok"}': good,
        'postward_dns_queries_total{type="TXT", result="timeout"}': bad,
    }


def _evaluations(fast, all_of_them):
    lead = 'postward_transaction_duration_seconds_bucket{stage="evaluation"'
    return {f'{lead}, le="1"}}': fast, f'{lead}, le="30"}}': all_of_them, f'{lead}, le="+Inf"}}': all_of_them}


# Where the quiet case of an alert is loud enough for one that asks for less.
QUIET_OTHERS = {
    "PostwardWorkersKeepDying": frozenset({"PostwardWorkerDied"}),
    "PostwardCannotJudge": frozenset({"PostwardMessageNotJudged"}),
    "PostwardShedsOwnUsers": frozenset({"PostwardSheds"}),
}

CASES = (
    *_pair("PostwardDown", {'up{job="postward"}': ALWAYS.format(0)}, {'up{job="postward"}': ALWAYS.format(1)},
           job="postward"),
    *_pair("PostwardWorkersKeepDying", {"postward_worker_restarts_total": STEADY.format(1)},
           {"postward_worker_restarts_total": ONCE.format(0, 4)}, others=["PostwardWorkerDied"]),
    *_pair("PostwardWorkerDied", {"postward_worker_restarts_total": ONCE.format(0, 1)},
           {"postward_worker_restarts_total": ALWAYS.format(3)}),
    *_pair("PostwardConfigurationStale", {"postward_config_stale": ALWAYS.format(1)},
           {"postward_config_stale": "0+0x55 1+0x35"}),
    *_pair("PostwardBusy", {'postward_worker_load{mail="others"}': ALWAYS.format(0.9)},
           {'postward_worker_load{mail="others"}': ALWAYS.format(0.4)}),
    *_pair("PostwardShedsOwnUsers", {'postward_shed_total{stage="mail", sender="ours"}': STEADY.format(6)},
           {'postward_shed_total{stage="mail", sender="bad"}': STEADY.format(6)}, others=["PostwardSheds"]),
    *_pair("PostwardSheds", {'postward_shed_total{stage="mail", sender="bad"}': STEADY.format(6)},
           {'postward_shed_total{stage="mail", sender="bad"}': ONCE.format(0, 50)}),
    *_pair("PostwardCannotJudge", _messages(STEADY.format(100), STEADY.format(5)),
           _messages(STEADY.format(1000), STEADY.format(5)), others=["PostwardMessageNotJudged"]),
    *_pair("PostwardMessageNotJudged", _messages(STEADY.format(1000), ONCE.format(0, 1)),
           _messages(STEADY.format(1000), ALWAYS.format(7))),
    *_pair("PostwardSlow", _evaluations(STEADY.format(95), STEADY.format(100)),
           _evaluations(STEADY.format(1000), STEADY.format(1001))),
    *_pair("PostwardKeysUnusable", {'postward_keys_unusable_messages_total{kind="dkim"}': STEADY.format(1)},
           {'postward_keys_unusable_messages_total{kind="dkim"}': ALWAYS.format(2)}, kind="dkim"),
    *_pair("PostwardUserOverLimit",
           {'postward_quota_refused_total{subject="login", unit="messages_per_hour"}': ONCE.format(0, 3)},
           {'postward_quota_refused_total{subject="client", unit="messages_per_hour"}': STEADY.format(3)}),
    *_pair("PostwardRuleFails", {'postward_rule_failures_total{rule="vip"}': "_x50 1+0x40"},
           {'postward_rule_failures_total{rule="vip"}': ALWAYS.format(1)}, rule="vip"),
    *_pair("PostwardPluginSuspended", {'postward_plugin_suspensions_total{plugin="dlp"}': "_x50 1+0x40"},
           {'postward_plugin_suspensions_total{plugin="dlp"}': ALWAYS.format(1)}, plugin="dlp"),
    *_pair("PostwardDnsFails", _queries(STEADY.format(100), STEADY.format(50)),
           _queries(STEADY.format(100), STEADY.format(10))),
    *_pair("PostwardDnsListOff", {'postward_dns_list_off{list="spamcop"}': ALWAYS.format(4)},
           {'postward_dns_list_off{list="spamcop"}': ALWAYS.format(0)}, list="spamcop"),
    *_pair("PostwardScannerFails", {'postward_scanner_failures_total{scanner="clamav"}': STEADY.format(1)},
           {'postward_scanner_failures_total{scanner="clamav"}': ONCE.format(0, 1)}, scanner="clamav"),
    *_pair("PostwardRedisDown",
           {"postward_redis_up": ALWAYS.format(0), 'postward_redis_failures_total{kind="timeout"}': STEADY.format(1)},
           {"postward_redis_up": ALWAYS.format(0), 'postward_redis_failures_total{kind="timeout"}': ALWAYS.format(0)}),
    *_pair("PostwardRedisRestarts", {"postward_redis_restarts_total": ONCE.format(0, 1)},
           {"postward_redis_restarts_total": ALWAYS.format(1)}),
    *_pair("PostwardRedisFails", {'postward_redis_failures_total{kind="full"}': STEADY.format(60)},
           {'postward_redis_failures_total{kind="full"}': STEADY.format(1)}, kind="full"),
    *_pair("PostwardReputationLost", {'postward_reputation_updates_lost_total{why="full"}': ONCE.format(0, 9)},
           {'postward_reputation_updates_lost_total{why="full"}': ALWAYS.format(9)}, why="full"),
    *_pair("PostwardReputationForeign", {"postward_reputation_records_refused_total": ONCE.format(0, 1)},
           {"postward_reputation_records_refused_total": ALWAYS.format(1)}),
    *_pair("PostwardEventStoreFails", {"postward_event_store_failures_total": ONCE.format(0, 1)},
           {"postward_event_store_failures_total": ALWAYS.format(1)}),
    *_pair("PostwardEventsLost", {"postward_events_lost_total": STEADY.format(10)},
           {"postward_events_lost_total": ALWAYS.format(10)}),
    *_pair("PostwardLogLinesLost", {"postward_log_lines_lost_total": STEADY.format(10)},
           {"postward_log_lines_lost_total": ALWAYS.format(10)}),
    *_pair("PostwardReportsRefused", {"postward_reports_refused_total": STEADY.format(1)},
           {"postward_reports_refused_total": ALWAYS.format(1)}),
)  # fmt: skip
