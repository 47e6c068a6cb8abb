# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward is to reach, beside what it has reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.chains import OPENDKIM_CHAIN, PYTHON_CHAIN, RSPAMD_ALONE, RSPAMD_BARE
from tests.bench.outgoing import SIGNING_OPENDKIM, SIGNING_POSTWARD
from tests.bench.postward_filter import WORKERS_AS_SHIPPED, postward_name
from tests.bench.rounds import cpu_ratio
from tests.bench.rule_costs import NO_RULES, THOUSAND
from tests.bench.scanning_costs import AUTHENTICATION, LISTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.report import Report

ONE, TWO, SHIPPED = postward_name(1), postward_name(2), postward_name(WORKERS_AS_SHIPPED)
_MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One target."""

    words: str
    bound: str
    value: float | None
    """None where it was not measured."""
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    words: str
    limit: float
    value: Callable[[Report], float | None]
    is_floor: bool = False
    """The value is to be so large at least, not at most."""


def outcomes(report: Report) -> list[Outcome]:
    """Hold a report against all targets."""
    return [_outcome(target, target.value(report)) for target in _TARGETS]


def _outcome(target: _Target, value: float | None) -> Outcome:
    bound = f"{'at least' if target.is_floor else 'at most'} {target.limit:g}"
    is_met = value is not None and (value >= target.limit if target.is_floor else value <= target.limit)
    return Outcome(words=target.words, bound=bound, value=value, is_met=is_met)


def _cpu_ratio(peer: str, ours_name: str = "") -> Callable[[Report], float | None]:
    def ratio(report: Report) -> float | None:
        ours, theirs = report.contenders.get(ours_name or AUTHENTICATION), report.contenders.get(peer)
        return cpu_ratio(ours, theirs) if ours and theirs else None

    return ratio


def _scaling(report: Report) -> float | None:
    one, two = report.contenders.get(ONE), report.contenders.get(TWO)
    return two.per_second / one.per_second if one and two else None


def _signing_ratio(report: Report) -> float | None:
    ours, theirs = report.signing.get(SIGNING_POSTWARD), report.signing.get(SIGNING_OPENDKIM)
    return cpu_ratio(ours, theirs) if ours and theirs else None


def _scanning_ratio(report: Report) -> float | None:
    alone, whole = report.scanning.get(AUTHENTICATION), report.scanning.get(LISTS)
    return cpu_ratio(whole, alone) if alone and whole else None


def _rules_ratio(report: Report) -> float | None:
    none, many = report.rules.get(NO_RULES), report.rules.get(THOUSAND)
    return cpu_ratio(many, none) if none and many else None


def _p99_ratio(report: Report) -> float | None:
    ours, theirs = report.contenders.get(SHIPPED), report.contenders.get(OPENDKIM_CHAIN)
    return ours.p99_ms / theirs.p99_ms if ours and theirs else None


def _postfix_p99_ratio(report: Report) -> float | None:
    ours, theirs = report.postfix.get(SHIPPED), report.postfix.get(OPENDKIM_CHAIN)
    return ours.p99_ms / theirs.p99_ms if ours and theirs else None


def _attachment_cpu(report: Report) -> float | None:
    one = report.attachment
    return one.cpu_ms / one.hashing_twice_ms if one else None


def _spaced_cpu(report: Report) -> float | None:
    one = report.spaced_text
    return one.cpu_ms / one.hashing_twice_ms if one else None


def _growth(report: Report) -> float | None:
    both = [one.growth_bytes for one in (report.attachment, report.spaced_text) if one]
    return max(both) / _MB if both else None


def _crowd_memory(report: Report) -> float | None:
    crowd = report.crowd
    return crowd.peak_bytes / _MB if crowd and not crowd.errors else None


_TARGETS = (
    _Target(words=f"authentication: CPU a message, of {OPENDKIM_CHAIN}", limit=0.9, value=_cpu_ratio(OPENDKIM_CHAIN)),
    _Target(words=f"authentication: CPU a message, of {RSPAMD_BARE}", limit=0.36, value=_cpu_ratio(RSPAMD_BARE)),
    _Target(words=f"as shipped: CPU a message, of {RSPAMD_ALONE}", limit=0.36, value=_cpu_ratio(RSPAMD_ALONE, SHIPPED)),
    _Target(words=f"authentication: CPU a message, of {PYTHON_CHAIN}", limit=0.23, value=_cpu_ratio(PYTHON_CHAIN)),
    _Target(words="header, content and DNS lists: CPU, of authentication alone", limit=1.6, value=_scanning_ratio),
    _Target(words="signing: CPU a message, of OpenDKIM's", limit=1.3, value=_signing_ratio),
    _Target(words="1,000 rules that do not match: CPU a message, of none", limit=1.1, value=_rules_ratio),
    _Target(words="two workers, of one: messages a second", limit=1.8, value=_scaling, is_floor=True),
    _Target(words=f"p99 at 8 connections, of {OPENDKIM_CHAIN}: milter protocol", limit=1.5, value=_p99_ratio),
    _Target(words=f"p99 at 8 connections, of {OPENDKIM_CHAIN}: through Postfix", limit=1.5, value=_postfix_p99_ratio),
    _Target(words="25 MB with one attachment: CPU, of hashing it twice", limit=1.5, value=_attachment_cpu),
    _Target(words="25 MB of spaced text: CPU, of hashing it twice", limit=6, value=_spaced_cpu),
    _Target(words="25 MB: growth of the worker, MB", limit=20, value=_growth),
    _Target(words="100 of 25 MB at once: memory of all processes, MB", limit=1000, value=_crowd_memory),
    _Target(
        words="cold DNS: round trips beyond the depth of the SPF record",
        limit=1,
        value=lambda report: report.cold.excess_p50 if report.cold else None,
    ),
    _Target(words="start to ready, s", limit=1.5, value=lambda report: report.rest.ready_after_s),
    _Target(words="idle worker, MB", limit=60, value=lambda report: report.rest.idle_worker_bytes / _MB),
)
