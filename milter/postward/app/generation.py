# SPDX-License-Identifier: GPL-3.0-or-later
"""One generation of the milter: a configuration found good, and what its workers are made of."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from postward.actions.rule_symbols import symbol_name
from postward.app.compose import make_pipeline, message_lookup, public_suffixes
from postward.app.configuration_file import configuration_in_force
from postward.app.courier_parts import make_courier
from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.app.dns_list_reporting import ListReporting
from postward.app.dns_list_zones import own_symbols
from postward.app.dns_lists import open_dns_lists, plan_dns_lists, tell_refused
from postward.app.dns_metrics import DnsMetrics
from postward.app.greylisting import open_greylisting
from postward.app.late_imports import import_for_workers
from postward.app.logs import configured_log, log_settings
from postward.app.managed_redis import NO_PROGRAM, find_redis_program, lacks_program, managed_redis_settings
from postward.app.mark_secret import mark_secret
from postward.app.outbound import changes_envelope, load_own_keys, recipient_desk
from postward.app.quotas import open_quotas
from postward.app.redis_target import open_calls, redis_target
from postward.app.reputation import load_asn_table, open_reputation
from postward.app.rule_loading import NO_RULES, check_tests, load_rules_of
from postward.app.rule_opening import open_rule_engine, rules_change_body, rules_change_envelope
from postward.app.scanners import open_scanners
from postward.app.settings import dns_settings, mta_settings, origin_settings
from postward.app.shedding import open_shedding
from postward.app.spool_settings import archive_faults, make_depositing
from postward.checks.pass_mark import PassMark
from postward.config import UnixSocket
from postward.dns.cares import CaresResolver, check_servers
from postward.dns_lists.asking import ResolverAsking
from postward.errors import ConfigErrors, UsageError
from postward.mta.settings import ListenSettings
from postward.observability.channel import Channel
from postward.observability.collector_settings import CollectorSettings, EventStoreSettings, MetricsAddress
from postward.observability.event_schema import store_path
from postward.observability.logging_bridge import install_bridge
from postward.observability.message_event import MessageEventSettings
from postward.observability.message_reporting import MessageReporting
from postward.observability.metrics import WorkerMetrics
from postward.observability.plugin_reporting import PluginReporting
from postward.observability.privacy import AddressPrivacy
from postward.observability.redis_reporting import RedisReporting
from postward.observability.scanner_reporting import ScannerReporting
from postward.observability.shedding_reporting import SheddingReporting
from postward.pipeline.engine import PipelineEngine
from postward.pipeline.prefetching import Prefetching
from postward.scoring.catalogue import SYMBOLS

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from postward.app.directory_settings import DirectoryPlan
    from postward.app.dns_lists import ListPlan
    from postward.app.outbound import OwnKeys
    from postward.app.rule_loading import LoadedRules
    from postward.config import Configuration
    from postward.mta.engine import Engine
    from postward.mta.managed_redis.settings import ManagedRedisSettings
    from postward.mta.settings import MtaSettings
    from postward.reputation.asn_table import AsnTable

_DAY_S = 86_400.0
_WORKERS_PER_CORE = 2
"""The fewer sessions share one Python's lock, the less a message costs: docs/performance.md has the figures."""


def load_listen_settings(config_path: Path | None) -> ListenSettings:
    """Say where to listen; raises ConfigErrors."""
    config = configuration_in_force(config_path)
    is_unix = isinstance(config.listen, UnixSocket)
    return ListenSettings(
        listen=str(config.listen),
        socket_mode=int(config.socket_mode, 8),
        socket_group=config.socket_group,
        # A Unix socket has the file beside it.
        status_file=None if is_unix else str(config.state_dir / "status.json"),
    )


def load_generation(config_path: Path | None) -> Generation:
    """Read and check the configuration as a whole, rules and their tests among it; raises ConfigErrors."""
    config = configuration_in_force(config_path)
    _check_name_servers(config)
    _check_archives(config)
    redis_target(config)
    log = configured_log(config)
    install_bridge(log)
    if lacks_program(config, find_redis_program()):
        log.warning("redis.no_program", text=f"{NO_PROGRAM}: there is no Redis")
    secret, trouble = mark_secret(config.state_dir)
    if trouble:
        log.warning("mark.not_kept", text=trouble)
    keys = load_own_keys(config, makes_secret=True)
    for fault in keys.faults:
        log.error("key.unusable", text=str(fault))
    rules = load_rules_of(config)
    check_tests(rules)
    lists = plan_dns_lists(config)
    tell_refused(lists, log)
    if config.content.enabled or config.reputation.enabled or lists.asks_for_domains:
        public_suffixes()
    systems = load_asn_table(config)
    directory = plan_directory(config)
    import_for_workers(config, directory)
    return Generation(config, secret, keys, directory, lists=lists, rules=rules, systems=systems)


def _check_name_servers(config: Configuration) -> None:
    """Find out here what would otherwise end each worker as it starts, without a line of the file to look at."""
    try:
        check_servers(dns_settings(config))
    except UsageError as error:
        raise ConfigErrors([config.error_at("dns.servers", str(error))]) from error


def _check_archives(config: Configuration) -> None:
    faults = archive_faults(config)
    if faults:
        raise ConfigErrors(faults)


class Generation:
    """See ``mta.engine.LoadedGeneration``."""

    def __init__(
        self,
        config: Configuration,
        secret: bytes,
        keys: OwnKeys,
        directory: DirectoryPlan,
        *,
        lists: ListPlan,
        rules: LoadedRules = NO_RULES,
        systems: AsnTable | None = None,
    ) -> None:
        """Made before the fork: what the configuration gets wrong is found by now, and the workers share the memory.

        ``secret`` is this host's own, behind its mark and its tokens; ``systems`` knows whose an address is.
        """
        self._config = config
        self._log = configured_log(config)
        self._secret = secret
        self._mark = PassMark(secret, clock=time.time)
        self._keys = keys
        self._directory = directory
        self._lists = lists
        self._rules = rules
        self._systems = systems

    @property
    def workers(self) -> int:
        """How many worker processes."""
        return self._config.workers or _WORKERS_PER_CORE * (os.cpu_count() or 1)

    @property
    def settings(self) -> MtaSettings:
        """How they serve."""
        return mta_settings(self._config)

    @property
    def collector(self) -> CollectorSettings:
        """How metrics are served, events kept and lines logged."""
        return _collector_settings(self._config)

    @property
    def managed_redis(self) -> ManagedRedisSettings | None:
        """The private Redis that is to run."""
        return managed_redis_settings(self._config, find_redis_program())

    def make_engine(self, worker_index: int, channel: socket.socket) -> Engine:
        """Make the engine of one worker, with its resolver and its way to the collector."""
        config, log = self._config, self._log
        metrics = WorkerMetrics(_known_labels(self._rules, config, self._lists))
        dns_metrics = DnsMetrics(metrics)
        resolver = CaresResolver(dns_settings(config), log=log, observe=dns_metrics.observe)
        addresses, own_log = AddressPrivacy(config.log.addresses), log.with_context(worker=worker_index)
        shedding_reporting = SheddingReporting(own_log, metrics, addresses)
        reporting = MessageReporting(
            MessageEventSettings(addresses=addresses, mode=config.mode),
            own_log,
            Channel(channel, metrics, log),
            metrics,
            sources=(partial(dns_metrics.fetch, resolver.statistics), shedding_reporting.flush),
        )

        directory = open_directory(
            self._directory,
            lambda source, failure: log.warning("directory.failed", source=source, text=str(failure)),
        )

        calls = open_calls(config, lambda: RedisReporting(log.with_context(worker=worker_index), metrics))
        rules = open_rule_engine(
            config,
            self._rules,
            directory,
            self._secret,
            report=reporting.report_rules,
            watcher=PluginReporting(log, metrics),
            calls=calls,
        )
        reputation = open_reputation(config, calls, public_suffixes, log, metrics, systems=self._systems)
        shedding = open_shedding(config, self._keys, self._secret, shedding_reporting, log, reputation=reputation)
        greylisting = open_greylisting(config, calls)
        quotas = open_quotas(config, calls, log, metrics, workers=self.workers)
        scanners = open_scanners(config, ScannerReporting(log.with_context(worker=worker_index), metrics))
        depositing = make_depositing(config, log)

        # One worker does what comes after the mail itself.
        courier = make_courier(config, self._secret, log) if worker_index == 0 else None
        if courier is not None:
            courier.start()

        list_reporting = ListReporting(self._lists.zones, log.with_context(worker=worker_index), metrics)
        lists = open_dns_lists(self._lists, ResolverAsking(resolver), public_suffixes, list_reporting)
        if lists is not None:
            lists.start(log)

        def close() -> None:
            """End them in this order, each whether another fails or not: what is learnt must get to Redis."""
            users = (lists, courier, rules, scanners, resolver, directory, shedding, quotas, reputation, calls)
            with ExitStack() as ending:
                for user in (reporting, *reversed(users)):
                    if user is not None:
                        ending.callback(user.close)

        return PipelineEngine(
            make_pipeline(
                config,
                self._keys,
                directory,
                mark=self._mark,
                others=[*([lists.check] if lists is not None else []), *scanners.checks],
                rules=rules.stage,
                reputation=reputation.stage if reputation is not None else None,
                greylisting=greylisting,
                quotas=quotas,
                depositing=depositing,
            ),
            Prefetching(
                resolver,
                resolver.prefetch,
                origin_settings(config),
                lists=lists.prefetching if lists is not None else None,
            ),
            desk=recipient_desk(config, self._keys, directory, rules.question),
            rules=rules.question,
            shedding=shedding,
            changes_envelope=changes_envelope(self._keys, directory) or rules_change_envelope(self._rules),
            changes_body=rules_change_body(self._rules),
            make_lookup=partial(message_lookup, resolver, config),
            report=reporting.report,
            report_refusal=reporting.report_refusal,
            afterwards=[
                *([quotas.finished] if quotas is not None else []),
                *([reputation.stage.learn] if reputation is not None else []),
            ],
            close=close,
        )


def _known_labels(rules: LoadedRules, config: Configuration, lists: ListPlan) -> dict[str, frozenset[str]]:
    """What may stand in metrics: whatever else comes is counted as other."""
    ids = [rule.id for rule in rules.rule_set.rules]
    return {
        "symbol": frozenset(SYMBOLS) | own_symbols(config).keys() | {symbol_name(rule) for rule in ids},
        "list": frozenset(zone.name for zone in lists.zones),
        "rule": frozenset(ids),
        "plugin": frozenset(rules.plugins.names()) if rules.plugins is not None else frozenset(),
    }


def _collector_settings(config: Configuration) -> CollectorSettings:
    listen, events = config.metrics.listen, config.events
    return CollectorSettings(
        metrics=MetricsAddress(address=str(listen.address), port=listen.port) if listen else None,
        store=EventStoreSettings(
            path=str(store_path(config.state_dir)),
            max_messages=events.max_messages,
            max_age_s=events.max_age_days * _DAY_S,
        ),
        log=log_settings(config),
    )
