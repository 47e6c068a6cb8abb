# SPDX-License-Identifier: GPL-3.0-or-later
"""Open the DNS lists that the configuration switches on."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.dns_list_zones import list_zones
from postward.checks.content.letter import ContentBounds
from postward.checks.dns_lists import DnsListsCheck
from postward.checks.list_subjects import SubjectSettings
from postward.dns_lists.health import RETRIED_S, ListHealth
from postward.dns_lists.lists import DnsLists, ListBounds
from postward.dns_lists.probing import Prober
from postward.dns_lists.public_resolvers import public_resolver, servers_of
from postward.dns_lists.redaction import redacted
from postward.observability.background import BackgroundLoop
from postward.pipeline.list_prefetching import ListPrefetching
from postward.scoring.catalogue import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.app.dns_list_reporting import ListReporting
    from postward.config import Configuration
    from postward.dns.public_suffix import PublicSuffixes
    from postward.dns_lists.answer import ListStatus
    from postward.dns_lists.asking import Asking
    from postward.dns_lists.zone import ListZone
    from postward.observability.logger import EventLog

RESOLV_CONF = Path("/etc/resolv.conf")
_MAX_RESOLV_CONF = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """All that is needed to ask lists; survives a fork, for nothing of it is open."""

    zones: tuple[ListZone, ...]
    subjects: SubjectSettings
    bounds: ListBounds
    content: ContentBounds
    probe_interval_s: float
    error_pause_s: float
    refused: tuple[tuple[str, str], ...] = ()
    """Lists that are switched on and not asked, each with why."""

    @property
    def asks_for_domains(self) -> bool:
        """Whether registered domains have to be known."""
        return any(zone.asks_for_domains for zone in self.zones)


class OpenLists:
    """The lists of one worker, or of one scan."""

    def __init__(
        self,
        plan: ListPlan,
        asking: Asking,
        suffixes: Callable[[], PublicSuffixes],
        reporting: ListReporting | None = None,
    ) -> None:
        """``suffixes`` gives the public suffixes when a message needs them."""
        self._plan = plan
        health = ListHealth(
            plan.zones,
            time.monotonic,
            reporting,
            probed_again_s=plan.probe_interval_s,
            pause_s=plan.error_pause_s,
        )
        count = reporting.count if reporting is not None else _count_nothing
        lists = DnsLists(plan.zones, asking, health, plan.bounds, unused=plan.refused, count=count)
        self.check = DnsListsCheck(lists, plan.subjects, suffixes, plan.content)
        self.prefetching = ListPrefetching(lists, plan.subjects, suffixes)
        self._prober = Prober(plan.zones, asking, health, random.randrange)
        self._stop = threading.Event()

    def probe(self) -> None:
        """Probe all lists now, and wait for the answers."""
        self._prober.step()

    def start(self, log: EventLog) -> None:
        """Probe them now and from now on, on a thread of their own."""
        interval_s = min(RETRIED_S, self._plan.probe_interval_s)
        BackgroundLoop("dns_lists", self._prober.step, log, self._stop, interval_s=interval_s).start()

    def close(self) -> None:
        """Have the probing end, in its own time."""
        self._stop.set()


def plan_dns_lists(config: Configuration, resolv_conf: Path | None = RESOLV_CONF) -> ListPlan:
    """Check all lists without asking any; raises ConfigErrors with everything that is wrong.

    ``resolv_conf`` names the servers that are asked where the configuration names none; None asks no server at all.
    """
    section = config.dns_lists
    zones = list_zones(config, SYMBOLS)
    resolver = public_resolver(_servers(config, resolv_conf)) if resolv_conf is not None else ""
    refused = tuple(
        (zone.name, f"it does not answer through {resolver}, which the world shares")
        for zone in zones
        if resolver and zone.refuses_public_resolvers
    )
    names = {name for name, _why in refused}
    return ListPlan(
        zones=tuple(zone for zone in zones if zone.name not in names),
        subjects=SubjectSettings(
            received=section.received,
            believed=config.origin.trusted_relays + section.trusted_forwarders,
            exempt_networks=config.origin.local_networks + section.exempt_networks,
            exempt_domains=frozenset(section.exempt_domains),
            link_domains=section.link_domains,
        ),
        bounds=ListBounds(timeout_s=section.timeout_s, questions=section.questions_per_message),
        content=ContentBounds(max_inspected_bytes=config.content.max_inspected_bytes),
        probe_interval_s=section.probe_interval_s,
        error_pause_s=section.error_pause_s,
        refused=refused,
    )


def probe_faults(plan: ListPlan, asking: Asking) -> dict[str, str]:
    """Probe all lists once, and say what is wrong with each: "" for nothing."""
    health = ListHealth(plan.zones, time.monotonic)
    Prober(plan.zones, asking, health, random.randrange).step()
    return {zone.name: redacted(health.fault(zone), plan.zones) for zone in plan.zones}


def tell_refused(plan: ListPlan, log: EventLog) -> None:
    """Warn of lists that are switched on and cannot be asked from here."""
    for name, why in plan.refused:
        log.warning("dns_list.not_used", list=name, text=why)


def open_dns_lists(
    plan: ListPlan,
    asking: Asking,
    suffixes: Callable[[], PublicSuffixes],
    reporting: ListReporting | None = None,
) -> OpenLists | None:
    """Give the lists, none of which is believed before it has been probed; None where none is switched on."""
    return OpenLists(plan, asking, suffixes, reporting) if plan.zones or plan.refused else None


def _count_nothing(_zone: ListZone, _status: ListStatus) -> None:
    """For a scan, of which nothing remains."""


def _servers(config: Configuration, resolv_conf: Path) -> tuple[str, ...]:
    """The name servers, without their ports, that will be asked."""
    if config.dns.servers:
        return tuple(str(server.address) for server in config.dns.servers)
    try:
        text = resolv_conf.read_bytes()[:_MAX_RESOLV_CONF]
    except OSError:
        return ()
    return servers_of(text.decode("ascii", "replace"))
