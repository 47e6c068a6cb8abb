# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dashboard shows, row by row; every metric has a place."""

from __future__ import annotations

from handbook.dashboard import Panel, Row

_HOST = 'instance=~"$instance"'
_EACH = "{{instance}}"
_RATE = "[$__rate_interval]"

_STARTED = f"process_start_time_seconds{{{_HOST}}} * 1000", _EACH


def _rate(metric: str, by: str, *, only: str = "") -> tuple[str, str]:
    """How often a counter counts in a second, and the legend: one series for each value of a label."""
    legend = " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))
    return f"sum by ({by}) (rate({metric}{{{_HOST}{only}}}{_RATE}))", legend


def _quantile(share: float, metric: str, by: str = "", *, only: str = "") -> tuple[str, str]:
    """What so many of the observations do not pass."""
    labels = f"le, {by}" if by else "le"
    legend = f"{share:.0%} {{{{{by}}}}}" if by else f"{share:.0%}"
    summed = f"sum by ({labels}) (rate({metric}_bucket{{{_HOST}{only}}}{_RATE}))"
    return f"histogram_quantile({share}, {summed})", legend


def _share(metric: str, only: str, legend: str) -> tuple[str, str]:
    part, whole = (f"sum(rate({metric}{{{_HOST}{more}}}{_RATE}))" for more in (f", {only}", ""))
    return f"{part} / {whole}", legend


def _gauge(metric: str, legend: str = _EACH) -> tuple[str, str]:
    return f"{metric}{{{_HOST}}}", legend


def _number(title: str, meaning: str, query: tuple[str, str], unit: str = "short") -> Panel:
    return Panel(title=title, meaning=meaning, queries=(query,), unit=unit, width=4, is_number=True)


def _graph(title: str, meaning: str, *queries: tuple[str, str], unit: str = "short", width: int = 8) -> Panel:
    return Panel(title=title, meaning=meaning, queries=queries, unit=unit, width=width)


def _results(title: str, check: str) -> Panel:
    query = _rate("postward_check_results_total", "result", only=f', check="{check}"')
    return Panel(
        title=title, meaning=f"Results of the check {check}, a second.", queries=(query,), unit="cps", is_stacked=True
    )


_OVERVIEW = Row(
    title="Overview",
    panels=(
        _number("Messages", "Messages a second.", (f"sum(rate(postward_messages_total{{{_HOST}}}{_RATE}))", ""), "cps"),
        _number(
            "Junk and refused",
            "Share of the messages that were marked as junk, held, dropped or refused.",
            _share("postward_messages_total", 'action=~"junk|quarantine|discard|reject"', ""),
            "percentunit",
        ),
        _number(
            "Not judged",
            "Messages in the last hour that got the failure action.",
            (f'sum(increase(postward_messages_total{{{_HOST}, action="error"}}[1h]))', ""),
        ),
        _number("Sessions", "Milter sessions that are open.", (f"sum(postward_sessions{{{_HOST}}})", "")),
        _number(
            "Since",
            "When the metrics began to count.",
            _STARTED,
            "dateTimeFromNow",
        ),
        _number("Version", "Which version runs.", (f"postward_build_info{{{_HOST}}}", "{{version}}")),
    ),
)
_TRAFFIC = Row(
    title="Traffic and verdicts",
    panels=(
        Panel(
            title="What was done with messages",
            meaning="Messages a second; error: the failure action was taken, aborted: given up by the client.",
            queries=(_rate("postward_messages_total", "action"),),
            unit="cps",
            width=12,
            is_stacked=True,
        ),
        _graph(
            "Kept, dropped and refused",
            "Messages a second that were not delivered as they are; quarantine: held for a decision.",
            _rate("postward_messages_total", "action", only=', action=~"junk|quarantine|discard|defer|reject"'),
            unit="cps",
            width=12,
        ),
        _graph(
            "Recipients refused",
            "At RCPT, for good (permanent) or for now.",
            _rate("postward_recipients_refused_total", "class"),
            unit="cps",
        ),
        _graph("Sessions", "Milter sessions that are open.", _gauge("postward_sessions")),
        _graph(
            "Signed and sealed",
            "Messages that got a signature (dkim) or a seal (arc) of ours, and those for which no key could be used.",
            _rate("postward_signed_messages_total", "kind"),
            (_rate("postward_keys_unusable_messages_total", "kind")[0], "no key: {{kind}}"),
            unit="cps",
        ),
    ),
)
_AUTHENTICATION = Row(
    title="Authentication",
    panels=(
        _results("SPF", "spf"),
        _results("DKIM", "dkim"),
        _results("DMARC", "dmarc"),
        _results("ARC", "arc"),
        _results("Reverse DNS", "iprev"),
        _graph(
            "Could not be checked",
            "Results that say that a check could not be made for now.",
            _rate("postward_check_results_total", "check, result", only=', result=~"temperror|not_checked|failed"'),
            unit="cps",
        ),
    ),
)
_SCORE = Row(
    title="Score",
    panels=(
        _graph(
            "Scores",
            "Half of the messages score less than the line of 50 %.",
            _quantile(0.5, "postward_score"),
            _quantile(0.9, "postward_score"),
            _quantile(0.99, "postward_score"),
            width=12,
        ),
        _graph(
            "Most frequent symbols",
            "Messages a second that a symbol was given to.",
            (f"topk(15, sum by (symbol) (rate(postward_symbol_hits_total{{{_HOST}}}{_RATE})))", "{{symbol}}"),
            unit="cps",
            width=12,
        ),
    ),
)
_OTHERS = Row(
    title="Scanners and lists of others",
    panels=(
        _results("ClamAV", "clamav"),
        _graph(
            "Scanners without an answer",
            "Messages a second that a scanner was asked about in vain.",
            _rate("postward_scanner_failures_total", "scanner"),
            unit="cps",
        ),
        _graph(
            "Answers of DNS lists",
            "listed, unanswered in time, or an error; that nothing is listed is not counted.",
            _rate("postward_dns_list_answers_total", "list, answer"),
            unit="cps",
        ),
        _graph(
            "DNS lists that are switched off",
            "Workers in which a list is switched off because it gives no true answers.",
            _gauge("postward_dns_list_off", "{{list}} {{instance}}"),
        ),
    ),
)
_SENDERS = Row(
    title="Reputation, greylisting and limits",
    panels=(
        _results("Reputation", "reputation"),
        _results("Greylisting", "greylisting"),
        _graph(
            "Over a limit",
            "Messages a second that were refused because of a limit, by whose and of what.",
            _rate("postward_quota_refused_total", "subject, unit"),
            unit="cps",
        ),
        _graph(
            "Reputation that was lost",
            "Additions to reputation that were given up, and values in Redis that were none of ours.",
            _rate("postward_reputation_updates_lost_total", "why"),
            (f"sum(rate(postward_reputation_records_refused_total{{{_HOST}}}{_RATE}))", "foreign values"),
            unit="cps",
        ),
    ),
)
_LOAD = Row(
    title="Load and shedding",
    panels=(
        _graph(
            "Load of the busiest worker",
            "Messages under way, of those that it judges at a time; from 0.7 on clients are put off.",
            _gauge("postward_worker_load", "{{mail}} {{instance}}"),
            unit="percentunit",
            width=12,
        ),
        _graph(
            "Put off",
            "Senders, recipients and messages that were asked to come again, by who sent them.",
            _rate("postward_shed_total", "sender, stage"),
            unit="cps",
            width=12,
        ),
    ),
)
_RULES = Row(
    title="Rules and plugins",
    panels=(
        _graph(
            "Rules that match",
            "The fifteen that match most often.",
            (
                f"topk(15, sum by (rule, mode) (rate(postward_rule_matches_total{{{_HOST}}}{_RATE})))",
                "{{rule}} {{mode}}",
            ),
            unit="cps",
        ),
        _graph(
            "Rules that fail",
            "Times that a rule could not be evaluated.",
            _rate("postward_rule_failures_total", "rule"),
            unit="cps",
        ),
        _graph(
            "What rules cost",
            "Seconds of each second that a rule takes; the fifteen dearest.",
            (f"topk(15, sum by (rule) (rate(postward_rule_seconds_total{{{_HOST}}}{_RATE})))", "{{rule}}"),
            unit="s",
        ),
        _graph(
            "Plugins that fail",
            "Calls that failed, by what went wrong.",
            _rate("postward_plugin_failures_total", "plugin, failure"),
            unit="cps",
            width=12,
        ),
        _graph(
            "Plugins that were suspended",
            "Times that a plugin was suspended because it kept failing.",
            _rate("postward_plugin_suspensions_total", "plugin"),
            unit="cps",
            width=12,
        ),
    ),
)
_DNS = Row(
    title="DNS",
    panels=(
        _graph(
            "Queries by outcome",
            "Queries sent to a name server.",
            _rate("postward_dns_queries_total", "result"),
            unit="cps",
        ),
        _graph("Queries by type", "The same, by record type.", _rate("postward_dns_queries_total", "type"), unit="cps"),
        _graph(
            "Time until an answer",
            "Half of the queries, and all but one of a hundred, are answered in less.",
            _quantile(0.5, "postward_dns_duration_seconds"),
            _quantile(0.99, "postward_dns_duration_seconds"),
            unit="s",
        ),
        _graph(
            "Answered from the cache",
            "Look-ups a second that cost no query.",
            (f"sum(rate(postward_dns_cache_hits_total{{{_HOST}}}{_RATE}))", "cache"),
            unit="cps",
        ),
    ),
)
_REDIS = Row(
    title="Redis",
    panels=(
        _graph("Workers that ask Redis", "0 as well where none is configured.", _gauge("postward_redis_up")),
        _graph(
            "Questions in vain",
            "By what was wrong.",
            _rate("postward_redis_failures_total", "kind"),
            unit="cps",
        ),
        _graph(
            "Restarts of the managed Redis",
            "Within the hour before.",
            (f"increase(postward_redis_restarts_total{{{_HOST}}}[1h])", _EACH),
        ),
    ),
)
_LATENCIES = Row(
    title="Latencies",
    panels=(
        _graph(
            "Judging a message",
            "From its end to the answer: half, and all but one of a hundred, take less.",
            _quantile(0.5, "postward_transaction_duration_seconds", only=', stage="evaluation"'),
            _quantile(0.99, "postward_transaction_duration_seconds", only=', stage="evaluation"'),
            unit="s",
        ),
        _graph(
            "Stages",
            "All but one of a hundred messages spend less in a stage; the client's sending is in total.",
            _quantile(0.99, "postward_transaction_duration_seconds", "stage"),
            unit="s",
        ),
        _graph(
            "Checks",
            "All but one of a hundred messages spend less in a check, waiting for DNS included.",
            _quantile(0.99, "postward_check_duration_seconds", "check"),
            unit="s",
        ),
    ),
)
_PROCESSES = Row(
    title="Workers and configuration",
    panels=(
        _graph(
            "Workers that died or hung",
            "Within the hour before.",
            (f"increase(postward_worker_restarts_total{{{_HOST}}}[1h])", _EACH),
        ),
        _graph(
            "Configuration",
            "stale is 1 while the newest configuration is refused; refused: reloads within the hour before.",
            _gauge("postward_config_stale", "stale {{instance}}"),
            (f"increase(postward_config_reload_failures_total{{{_HOST}}}[1h])", "refused {{instance}}"),
        ),
        _graph(
            "Age of the configuration",
            "Since the configuration in use was loaded.",
            (f"time() - postward_config_last_reload_success_timestamp_seconds{{{_HOST}}}", _EACH),
            unit="s",
        ),
    ),
)
_RECORDS = Row(
    title="Log, events and metrics that were lost",
    panels=(
        _graph(
            "Lost",
            "Log lines that could not be written, events that did not reach the store, reports that could not be read.",
            *(
                (f"sum(rate({metric}{{{_HOST}}}{_RATE}))", words)
                for metric, words in (
                    ("postward_log_lines_lost_total", "log lines"),
                    ("postward_events_lost_total", "events"),
                    ("postward_reports_refused_total", "reports of workers"),
                )
            ),
            unit="cps",
            width=12,
        ),
        _graph(
            "Failures of the event store",
            "Within the hour before.",
            (f"increase(postward_event_store_failures_total{{{_HOST}}}[1h])", _EACH),
            width=12,
        ),
    ),
)
ROWS = (
    _OVERVIEW, _TRAFFIC, _AUTHENTICATION, _SCORE, _OTHERS, _SENDERS, _LOAD, _RULES, _DNS, _REDIS, _LATENCIES,
    _PROCESSES, _RECORDS,
)  # fmt: skip
