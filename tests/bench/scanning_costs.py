# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to look into messages and to ask DNS lists, beside authentication alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench.contender import Contender
from tests.bench.postward_filter import WORKERS_AS_SHIPPED
from tests.bench.rounds import Course, run_rounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.rounds import Figures
    from tests.bench.stand import Stand
    from tests.mailhost.world import ZoneMapping

AUTHENTICATION = "Postward, authentication alone"
CONTENT = "Postward with header and content"
REPUTATION = "Postward, authentication and reputation, its Redis included"
LISTS = "Postward with header, content and DNS lists"

_CLIENT_LISTS = ("first", "second", "third", "fourth", "fifth")
_DOMAIN_LISTS = ("sixth", "seventh", "eighth")
LISTS_ZONE: ZoneMapping = {
    **{f"2.0.0.127.{name}.lists.example": [{"A": "127.0.0.2"}] for name in _CLIENT_LISTS},
    **{f"test.{name}.lists.example": [{"A": "127.0.0.2"}] for name in _DOMAIN_LISTS},
}
"""What a probe of each list finds; nobody else is on them."""
AUTHENTICATION_SETTINGS: dict[str, Any] = {"content": {"enabled": False}}


def measure_scanning(stand: Stand, messages: int, rounds: int, say: Callable[[str], None]) -> dict[str, Figures]:
    """Time Postward with each of them in turn; the lists answer from the cache but for the first time."""
    sets: dict[str, dict[str, Any]] = {
        AUTHENTICATION: AUTHENTICATION_SETTINGS,
        REPUTATION: {**AUTHENTICATION_SETTINGS, "reputation": {"enabled": True}, "redis": {"url": "managed"}},
        CONTENT: {},
        LISTS: {"dns_lists": _lists()},
    }
    contenders = []
    # That nobody is on a list is remembered for the whole run, as it is of a client that sends all day.
    dns = {"servers": [stand.names.server], "negative_ttl_s": 3600}
    for name, settings in sets.items():
        running = stand.running.enter_context(stand.filter(WORKERS_AS_SHIPPED, settings={**settings, "dns": dns}))
        contenders.append(Contender(name=name, milters=(running.address,), roots=(running.pid,), methods=()))
    course = Course(
        generator=stand.generator,
        files=stand.mix_files,
        name_server_pid=stand.names.pid,
        messages=messages,
        rounds=rounds,
    )
    return run_rounds(contenders, course, say)


def _lists() -> dict[str, Any]:
    codes = {"127.0.0.2": {"symbol": "ON_BENCH_LIST", "score": 3}}
    zones: dict[str, Any] = {name: {"zone": f"{name}.lists.example", "codes": codes} for name in _CLIENT_LISTS}
    about = ["helo", "sender", "dkim", "url"]
    zones |= {name: {"zone": f"{name}.lists.example", "codes": codes, "about": about} for name in _DOMAIN_LISTS}
    return {"zones": zones}
