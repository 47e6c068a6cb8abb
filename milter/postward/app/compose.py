# SPDX-License-Identifier: GPL-3.0-or-later
"""Put the parts together."""

from __future__ import annotations

import math
import secrets
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.configuration_file import checked_configuration
from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.app.dns_lists import RESOLV_CONF, open_dns_lists, plan_dns_lists
from postward.app.greylisting import greylisting_trial
from postward.app.mark_secret import kept_mark_secret
from postward.app.outbound import load_own_keys, plan_stages, recipient_desk
from postward.app.redis_target import open_calls, redis_target
from postward.app.reputation import load_asn_table, reputation_reader
from postward.app.rule_loading import load_rules_of
from postward.app.rule_opening import open_rule_engine
from postward.app.scanners import configured_scanners, open_scanners
from postward.app.settings import (
    arc_settings,
    dkim_settings,
    dns_settings,
    pipeline_settings,
    spf_settings,
)
from postward.checks.arc import ArcCheck
from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.content import ContentCheckRunner
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.checks.content.letter import ContentBounds
from postward.checks.dkim import DkimCheck
from postward.checks.dmarc import DmarcCheck
from postward.checks.iprev import IprevCheck
from postward.checks.sender import SenderCheck
from postward.checks.spf import SpfCheck
from postward.config import load_mapping
from postward.dns.budget import BudgetedLookup, MessageBudget
from postward.dns.cares import CaresResolver
from postward.dns.public_suffix import open_suffixes
from postward.dns.zone import ZoneLookup
from postward.dns_lists.asking import LookupAsking, ResolverAsking
from postward.errors import UsageError
from postward.pipeline.evaluation import Pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postward.app.outbound import OwnKeys
    from postward.checks.base import Check
    from postward.checks.pass_mark import PassMark
    from postward.config import Configuration
    from postward.directory.directory import Directory
    from postward.dns.public_suffix import PublicSuffixes
    from postward.dns.resolver import Lookup
    from postward.dns_lists.asking import Asking
    from postward.model.rule_outcome import RuleMatch
    from postward.pipeline.depositing import Depositing
    from postward.pipeline.evaluation import Greylisting, Quotas, Reputation
    from postward.pipeline.recipient_desk import RecipientDesk
    from postward.pipeline.reputation_stage import ReputationReader
    from postward.pipeline.rule_stage import RuleStage

_BEYOND_DEADLINE_S = 1.0
"""Where DNS may take as long as the deadline or longer, it ends soon after it: nobody waits for the answers any more.
Not at the same moment, for then chance would decide between the failure action and a result."""


def enabled_checks(config: Configuration, sender: SenderCheck, others: Iterable[Check] = ()) -> list[Check]:
    """Make the checks that the configuration switches on; ``sender`` is there always, and so are ``others``."""
    checks: list[tuple[bool, Check]] = [
        (config.iprev.enabled, IprevCheck()),
        (config.spf.enabled, SpfCheck(spf_settings(config), helo=config.spf.helo)),
        (config.dkim.enabled, DkimCheck(dkim_settings(config))),
        (config.arc.enabled, ArcCheck(arc_settings(config))),
        (config.dmarc.enabled, DmarcCheck(frozenset(config.arc.trusted_sealers))),
        (config.content.enabled, _content_check(config)),
        (True, sender),
    ]
    return [*(check for enabled, check in checks if enabled), *others]


def _content_check(config: Configuration) -> Check:
    bounds = ContentBounds(max_inspected_bytes=config.content.max_inspected_bytes)
    return ContentCheckRunner(HEADER_CHECKS, BODY_CHECKS, public_suffixes, bounds)


@cache
def public_suffixes() -> PublicSuffixes:
    """The list, read once: it takes some tenths of a second, and what is read before the fork is shared."""
    return open_suffixes()


def make_pipeline(
    config: Configuration,
    keys: OwnKeys,
    directory: Directory,
    *,
    mark: PassMark | None,
    others: Iterable[Check] = (),
    rules: RuleStage | None = None,
    reputation: Reputation | None = None,
    greylisting: Greylisting | None = None,
    quotas: Quotas | None = None,
    depositing: Depositing | None = None,
    wall_clock: Callable[[], float] = time.time,
) -> Pipeline:
    """Make the pipeline, which marks mail with ``mark`` and signs and verifies by ``wall_clock`` (Unix time).

    ``others`` are checks that ask others, and have been opened.  ``reputation`` None knows nobody; ``greylisting`` None
    asks nobody to come again; ``quotas`` None limits nobody; ``depositing`` None keeps nothing of what rules want kept.
    """
    sender = SenderCheck(directory)
    return Pipeline(
        pipeline_settings(config),
        enabled_checks(config, sender, others),
        mark=mark,
        directory=None if directory.is_empty else directory,
        stages=plan_stages(config, keys, directory),
        sender=sender,
        rules=rules,
        reputation=reputation,
        greylisting=greylisting,
        quotas=quotas,
        depositing=depositing,
        wall_clock=wall_clock,
    )


def message_lookup(
    resolver: CaresResolver, config: Configuration, clock: Callable[[], float] = time.monotonic
) -> Lookup:
    """Give the look-up of one message, with its allowance of queries and of time."""
    dns, deadline_s = config.dns, config.message.deadline_s
    allowed_s = dns.time_per_message_s if dns.time_per_message_s < deadline_s else deadline_s + _BEYOND_DEADLINE_S
    return resolver.lookup(MessageBudget(max_queries=dns.queries_per_message, deadline_s=clock() + allowed_s))


def _budgeted(zone: ZoneLookup, config: Configuration) -> Lookup:
    return BudgetedLookup(
        zone,
        max_queries=config.dns.queries_per_message,
        deadline_s=math.inf,
        clock=time.monotonic,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resolution:
    """How a command asks DNS, or a zone file."""

    lookup: Lookup
    lists: Asking
    resolv_conf: Path | None
    """Where the servers stand that are asked unless the configuration names others; None for a zone file."""


@contextmanager
def one_lookup(config: Configuration, zone_path: Path | None) -> Iterator[Lookup]:
    """Give one look-up, in DNS or in a zone file, for a command."""
    with _resolution(config, zone_path) as resolution:
        yield resolution.lookup


def _zone_of(path: Path) -> ZoneLookup:
    """Read a zone file.  Raises UsageError and ConfigErrors, which name it."""
    try:
        return ZoneLookup(load_mapping(path))
    except UsageError as error:
        raise UsageError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from error


@contextmanager
def _resolution(config: Configuration, zone_path: Path | None) -> Iterator[_Resolution]:
    if zone_path is not None:
        zone = _zone_of(zone_path)
        yield _Resolution(lookup=_budgeted(zone, config), lists=LookupAsking(zone), resolv_conf=None)
        return
    resolver = CaresResolver(dns_settings(config))
    try:
        yield _Resolution(
            lookup=message_lookup(resolver, config), lists=ResolverAsking(resolver), resolv_conf=RESOLV_CONF
        )
    finally:
        resolver.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanParts:
    """What one stored message is judged with."""

    pipeline: Pipeline
    lookup: Lookup
    desk: RecipientDesk | None
    """What answers its recipients; None takes them all."""
    recipient_matches: list[RuleMatch]
    """Rules that matched while recipients were answered are put here."""
    unasked: tuple[str, ...]
    """Scanners of the configuration that are not asked, since nothing outside is."""


@contextmanager
def scan_parts(config_path: Path | None, zone_path: Path | None, *, now_s: float) -> Iterator[ScanParts]:
    """Give what one stored message is judged with; with a zone file nothing outside is contacted."""
    config = checked_configuration(config_path)
    plan = plan_directory(config)
    with ExitStack() as opened:
        # Of the sources only the files are on this host for certain.
        directory = open_directory(replace(plan, order=("files",)) if zone_path is not None else plan)
        opened.callback(directory.close)
        keys = load_own_keys(config)
        resolution = opened.enter_context(_resolution(config, zone_path))
        matches: list[RuleMatch] = []
        rules = open_rule_engine(
            config,
            load_rules_of(config),
            directory,
            _scan_secret(config),
            report=lambda _transaction, matched, _digest: matches.extend(matched),
            counts_here=zone_path is not None,
            wall_clock=lambda: now_s,
        )
        opened.callback(rules.close)
        scanners: tuple[Check, ...] = ()
        reputation = None
        if zone_path is None:
            open_ones = open_scanners(config)
            opened.callback(open_ones.close)
            scanners = open_ones.checks
            reputation = opened.enter_context(_reputation(config))
        yield ScanParts(
            pipeline=make_pipeline(
                config,
                keys,
                directory,
                mark=None,
                others=[*_probed_lists(config, resolution), *scanners],
                rules=rules.stage,
                reputation=reputation,
                greylisting=greylisting_trial(config),
                wall_clock=lambda: now_s,
            ),
            lookup=resolution.lookup,
            desk=recipient_desk(config, keys, directory, rules.question),
            recipient_matches=matches,
            unasked=_scanner_names(config) if zone_path is not None else (),
        )


@contextmanager
def _reputation(config: Configuration) -> Iterator[ReputationReader | None]:
    """Give what is known of senders where there is a Redis to ask: one of our own runs only beside `postward run`."""
    target = redis_target(config)
    if target is None or (target.socket_path and not Path(target.socket_path).exists()):
        yield None
        return
    systems = load_asn_table(config)
    calls = open_calls(config)
    try:
        yield reputation_reader(config, calls, public_suffixes, systems=systems)
    finally:
        if calls is not None:
            calls.close()


def _scanner_names(config: Configuration) -> tuple[str, ...]:
    return tuple(settings.name for settings, _protocol, _reading in configured_scanners(config))


def _probed_lists(config: Configuration, resolution: _Resolution) -> list[Check]:
    """Those that answer as they should; a report says which do not."""
    lists = open_dns_lists(plan_dns_lists(config, resolution.resolv_conf), resolution.lists, public_suffixes)
    if lists is None:
        return []
    lists.probe()
    return [lists.check]


def _scan_secret(config: Configuration) -> bytes:
    """The host's own, where whoever scans may read it: so marks in header fields are known."""
    try:
        return kept_mark_secret(config.state_dir)
    except UsageError:
        return secrets.token_bytes(32)
