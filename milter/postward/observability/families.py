# SPDX-License-Identifier: GPL-3.0-or-later
"""Every metric that Postward exports: its name, meaning, labels, and the values that a label may take.

No label ever holds an address, a domain or anything else that a sender can choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postward.model.quota import QuotaSubject, QuotaUnit

OTHER = "other"
"""Stands for every label value that is not on its list."""


class Kind(StrEnum):
    """The kinds of metric, in Prometheus's words."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label; without ``values`` it takes names that the configuration knows, bounded in shape and number."""

    name: str
    values: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One metric with all its label values."""

    name: str
    kind: Kind
    description: str
    labels: tuple[Label, ...] = ()
    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram, rising, without the infinite one."""
    is_summed: bool = False
    """A gauge that is added up over the living processes; of any other the highest value stands."""


_DURATIONS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SCORES = (-10.0, -5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)

CHECKS = frozenset({
    "spf", "spf_helo", "dkim", "arc", "dmarc", "iprev", "sender", "content", "dns_lists", "clamav", "spamassassin",
    "rspamd", "greylisting", "quota", "reputation",
})  # fmt: skip
STAGES = frozenset({"origin", "checks", "scoring", "rules", "decision", "plan", "evaluation", "total"})
_CHECK = Label(name="check", values=CHECKS)
_RULE = Label(name="rule")
_PLUGIN = Label(name="plugin")
_PLUGIN_FAILURE = Label(
    name="failure",
    values=frozenset({
        "busy", "capability", "ended", "error", "garbage", "raised", "rubbish", "settings", "stray", "timeout",
        "unavailable",
    }),
)  # fmt: skip
_RESULTS = frozenset({
    "none", "neutral", "pass", "fail", "softfail", "policy", "temperror", "permerror", "not_checked", "clean", "virus",
    "skipped", "failed", "delayed", "passed",
})  # fmt: skip
_ACTIONS = frozenset({"accept", "junk", "quarantine", "discard", "defer", "reject", "error", "aborted"})
_RECORD_TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "NS", "PTR", "TXT"})
_OUTCOMES = frozenset({"ok", "nodata", "nxdomain", "servfail", "timeout", "budget"})

BUILD_INFO = Family(
    name="postward_build_info",
    kind=Kind.GAUGE,
    description="Always 1; the label says which version runs",
    labels=(Label(name="version"),),
)
PROCESS_START = Family(
    name="process_start_time_seconds",
    kind=Kind.GAUGE,
    description="Unix time at which the metrics process began; all counters count from then on",
)
MESSAGES = Family(
    name="postward_messages_total",
    kind=Kind.COUNTER,
    description=(
        "Messages, by what was done with them; error: the failure action was taken; aborted: given up by the client"
    ),
    labels=(Label(name="action", values=_ACTIONS),),
)
CHECK_RESULTS = Family(
    name="postward_check_results_total",
    kind=Kind.COUNTER,
    description="Results of the checks; a message counts once for each DKIM signature",
    labels=(_CHECK, Label(name="result", values=_RESULTS)),
)
CHECK_DURATION = Family(
    name="postward_check_duration_seconds",
    kind=Kind.HISTOGRAM,
    description="Time a check took, waiting for DNS included",
    labels=(_CHECK,),
    buckets=_DURATIONS_S,
)
SYMBOL_HITS = Family(
    name="postward_symbol_hits_total",
    kind=Kind.COUNTER,
    description="Messages that a symbol was given to",
    labels=(Label(name="symbol"),),
)
RULE_MATCHES = Family(
    name="postward_rule_matches_total",
    kind=Kind.COUNTER,
    description="Messages that a transport rule matched; at RCPT each recipient counts",
    labels=(_RULE, Label(name="mode", values=frozenset({"enforce", "audit"}))),
)
RULE_FAILURES = Family(
    name="postward_rule_failures_total",
    kind=Kind.COUNTER,
    description="Times that a transport rule could not be evaluated and its on_error was taken",
    labels=(_RULE,),
)
RULE_SECONDS = Family(
    name="postward_rule_seconds_total",
    kind=Kind.COUNTER,
    description="Seconds that a transport rule took, of the times that it matched or failed",
    labels=(_RULE,),
)
PLUGIN_FAILURES = Family(
    name="postward_plugin_failures_total",
    kind=Kind.COUNTER,
    description="Calls of a plugin that failed, by what went wrong",
    labels=(_PLUGIN, _PLUGIN_FAILURE),
)
PLUGIN_SUSPENSIONS = Family(
    name="postward_plugin_suspensions_total",
    kind=Kind.COUNTER,
    description="Times that a plugin was suspended for a while because it kept failing",
    labels=(_PLUGIN,),
)
RECIPIENTS_REFUSED = Family(
    name="postward_recipients_refused_total",
    kind=Kind.COUNTER,
    description="Recipients refused at RCPT, for good or for the time being",
    labels=(Label(name="class", values=frozenset({"permanent", "temporary"})),),
)
SHED = Family(
    name="postward_shed_total",
    kind=Kind.COUNTER,
    description="Senders, recipients and messages put off because a worker was too busy, by stage and by who sent them",
    labels=(
        Label(name="stage", values=frozenset({"mail", "rcpt", "end"})),
        Label(name="sender", values=frozenset({"bad", "other", "ours"})),
    ),
)
LOAD = Family(
    name="postward_worker_load",
    kind=Kind.GAUGE,
    description="Messages under way and waiting, of those that one worker judges at a time; that of the busiest worker",
    labels=(Label(name="mail", values=frozenset({"others", "ours"})),),
)
QUOTA_REFUSED = Family(
    name="postward_quota_refused_total",
    kind=Kind.COUNTER,
    description="Messages refused because they would have passed a limit, by whose limit, and of what",
    labels=(
        Label(name="subject", values=frozenset(subject.value for subject in QuotaSubject)),
        Label(name="unit", values=frozenset(unit.value for unit in QuotaUnit)),
    ),
)
SIGNED = Family(
    name="postward_signed_messages_total",
    kind=Kind.COUNTER,
    description="Messages that got a DKIM signature or an ARC seal of ours",
    labels=(Label(name="kind", values=frozenset({"dkim", "arc"})),),
)
KEYS_UNUSABLE = Family(
    name="postward_keys_unusable_messages_total",
    kind=Kind.COUNTER,
    description="Messages that should have been signed or sealed, and no key for that could be used",
    labels=(Label(name="kind", values=frozenset({"dkim", "arc"})),),
)
DNS_QUERIES = Family(
    name="postward_dns_queries_total",
    kind=Kind.COUNTER,
    description="DNS queries sent to a name server, by record type and outcome",
    labels=(Label(name="type", values=_RECORD_TYPES), Label(name="result", values=_OUTCOMES)),
)
DNS_CACHE_HITS = Family(
    name="postward_dns_cache_hits_total",
    kind=Kind.COUNTER,
    description="DNS look-ups answered from the cache",
)
DNS_DURATION = Family(
    name="postward_dns_duration_seconds",
    kind=Kind.HISTOGRAM,
    description="Time until a DNS query was answered or given up",
    buckets=_DURATIONS_S,
)
DNS_LIST_ANSWERS = Family(
    name="postward_dns_list_answers_total",
    kind=Kind.COUNTER,
    description="Answers of DNS lists but those that say that nothing is listed; unanswered: not in time",
    labels=(Label(name="list"), Label(name="answer", values=frozenset({"listed", "unanswered", "error"}))),
)
DNS_LIST_OFF = Family(
    name="postward_dns_list_off",
    kind=Kind.GAUGE,
    description="Workers in which a DNS list is switched off because it failed a probe or answered with an error",
    labels=(Label(name="list"),),
    is_summed=True,
)
SCANNER_FAILURES = Family(
    name="postward_scanner_failures_total",
    kind=Kind.COUNTER,
    description="Messages that a scanner of others was asked about and gave no answer of use",
    labels=(Label(name="scanner", values=frozenset({"clamav", "spamassassin", "rspamd"})),),
)
REPUTATION_REFUSED = Family(
    name="postward_reputation_records_refused_total",
    kind=Kind.COUNTER,
    description="Values of reputation in Redis that were none of ours, and were ignored",
)
REPUTATION_LOST = Family(
    name="postward_reputation_updates_lost_total",
    kind=Kind.COUNTER,
    description=(
        "Additions to a record of reputation that were given up; full: no room to keep them; unclear: they may have "
        "been added already; closed: Redis did not take them before the worker ended"
    ),
    labels=(Label(name="why", values=frozenset({"full", "unclear", "closed"})),),
)
TRANSACTION_DURATION = Family(
    name="postward_transaction_duration_seconds",
    kind=Kind.HISTOGRAM,
    description="Time a message spent in each stage; total: from MAIL FROM to our answer",
    labels=(Label(name="stage", values=STAGES),),
    buckets=_DURATIONS_S,
)
SCORE = Family(
    name="postward_score",
    kind=Kind.HISTOGRAM,
    description="Scores of the messages",
    buckets=_SCORES,
)
SESSIONS = Family(
    name="postward_sessions",
    kind=Kind.GAUGE,
    description="Milter sessions open now",
    is_summed=True,
)
RELOAD_SUCCESS = Family(
    name="postward_config_last_reload_success_timestamp_seconds",
    kind=Kind.GAUGE,
    description="Unix time at which the configuration in use was loaded",
)
CONFIG_STALE = Family(
    name="postward_config_stale",
    kind=Kind.GAUGE,
    description="1 while an older configuration is in use because the newest one, with its rules, was refused",
    is_summed=True,
)
RELOAD_FAILURES = Family(
    name="postward_config_reload_failures_total",
    kind=Kind.COUNTER,
    description="Reloads refused because the new configuration had faults",
)
WORKER_RESTARTS = Family(
    name="postward_worker_restarts_total",
    kind=Kind.COUNTER,
    description="Workers replaced because they died or hung",
)
REDIS_UP = Family(
    name="postward_redis_up",
    kind=Kind.GAUGE,
    description="Workers that ask Redis; the others pass it over for a while because it did not answer them",
    is_summed=True,
)
REDIS_FAILURES = Family(
    name="postward_redis_failures_total",
    kind=Kind.COUNTER,
    description="Times that Redis was asked and gave no answer of use, by what was wrong",
    labels=(
        Label(
            name="kind",
            values=frozenset({
                "timeout", "connection", "refused", "loading", "read_only", "full", "cluster", "nonsense",
            }),
        ),
    ),
)  # fmt: skip
REDIS_RESTARTS = Family(
    name="postward_redis_restarts_total",
    kind=Kind.COUNTER,
    description="Times that the Redis that Postward starts itself died or hung and was started again",
)
LOG_LINES_LOST = Family(
    name="postward_log_lines_lost_total",
    kind=Kind.COUNTER,
    description="Log lines that could not be written",
)
EVENTS_LOST = Family(
    name="postward_events_lost_total",
    kind=Kind.COUNTER,
    description="Events that did not reach the event store because a worker's buffer was full",
)
EVENT_STORE_FAILURES = Family(
    name="postward_event_store_failures_total",
    kind=Kind.COUNTER,
    description="Times that the event store could not be written or had to be made anew",
)
REPORTS_REFUSED = Family(
    name="postward_reports_refused_total",
    kind=Kind.COUNTER,
    description="Reports from workers that the metrics process could not read",
)

FAMILIES = {
    family.name: family
    for family in (
        BUILD_INFO, PROCESS_START, MESSAGES, CHECK_RESULTS, CHECK_DURATION, SYMBOL_HITS,
        RULE_MATCHES, RULE_FAILURES, RULE_SECONDS, PLUGIN_FAILURES, PLUGIN_SUSPENSIONS,
        RECIPIENTS_REFUSED, SHED, LOAD, QUOTA_REFUSED, SIGNED, KEYS_UNUSABLE, DNS_QUERIES, DNS_CACHE_HITS, DNS_DURATION,
        DNS_LIST_ANSWERS, DNS_LIST_OFF,
        SCANNER_FAILURES, REPUTATION_REFUSED, REPUTATION_LOST, TRANSACTION_DURATION, SCORE, SESSIONS,
        RELOAD_SUCCESS, CONFIG_STALE, RELOAD_FAILURES, WORKER_RESTARTS, REDIS_UP,
        REDIS_FAILURES, REDIS_RESTARTS,
        LOG_LINES_LOST, EVENTS_LOST, EVENT_STORE_FAILURES, REPORTS_REFUSED,
    )
}  # fmt: skip
"""All families by name, in the order in which they are shown."""
