# SPDX-License-Identifier: GPL-3.0-or-later
"""What the DNS lists cost a message whose answers are all in the cache: ``python -m tests.bench.dns_list_cost``."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from postward.checks.content.letter import ContentBounds
from postward.checks.dns_lists import DnsListsCheck
from postward.checks.list_subjects import SubjectSettings
from postward.dns.cares import CaresResolver, DnsSettings
from postward.dns_lists.asking import ResolverAsking
from postward.dns_lists.health import ListHealth
from postward.dns_lists.lists import DnsLists, ListBounds
from postward.dns_lists.presets.all_presets import PRESETS
from postward.model.dkim import DkimResult, DkimStatus
from tests.mailhost.name_server import NameServer
from tests.unit.checks.content.letters import letter, suffixes

if TYPE_CHECKING:
    from postward.checks.examination import Examination

_ZONES = tuple(
    PRESETS[name]
    for name in (
        "spamhaus_zen", "spamcop", "barracuda", "psbl", "mailspike_bl",  # addresses
        "spamhaus_dbl", "surbl", "uribl",  # domains
    )
)  # fmt: skip
_TEXT = "From: a@b.example\n\nhttp://www.one.example/x https://news.two.example/ http://three.example/p.png\n"
_ROUNDS, _MESSAGES = 7, 1_000


def main() -> int:
    """Print the milliseconds of CPU of the best round."""
    with NameServer({}) as server:
        resolver = CaresResolver(DnsSettings(servers=(server.address,), negative_ttl_s=3_600.0))
        health = ListHealth(_ZONES, time.monotonic)
        for zone in _ZONES:
            health.probed(zone, "")
        lists = DnsLists(_ZONES, ResolverAsking(resolver), health, ListBounds())
        check = DnsListsCheck(lists, SubjectSettings(), suffixes, ContentBounds())
        signed = (DkimResult(status=DkimStatus.PASS, domain="signer.example", selector="s"),)
        examination = letter(_TEXT, dkim=signed)._examination
        _judge(check, examination)
        best_ms = min(_round_ms(check, examination) for _ in range(_ROUNDS))
        asked = sum(resolver.statistics().queries.values())
        resolver.close()
    sys.stdout.write(f"{len(_ZONES)} lists, {asked} questions a message, all in the cache: {best_ms:.3f} ms of CPU\n")
    return 0


def _judge(check: DnsListsCheck, examination: Examination) -> None:
    check.begin(examination)
    check.run(examination)


def _round_ms(check: DnsListsCheck, examination: Examination) -> float:
    started = time.process_time()
    for _ in range(_MESSAGES):
        _judge(check, examination)
    return (time.process_time() - started) / _MESSAGES * 1_000


if __name__ == "__main__":
    sys.exit(main())
