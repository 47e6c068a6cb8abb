# SPDX-License-Identifier: GPL-3.0-or-later
"""The same load through a Postfix of one's own: what a client waits for, from its connection to the answer to DATA."""

from __future__ import annotations

import smtplib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle, islice
from typing import TYPE_CHECKING

from tests.bench.rounds import SESSIONS
from tests.mailhost.postfix import Postfix
from tests.mailhost.smtp import Client, SmtpSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from tests.bench.contender import Contender
    from tests.bench.corpus import CorpusMessage

_RECIPIENT = "user@example.net"
_CONFIGURATION = """\
milter_default_action = tempfail
message_size_limit = 40000000
virtual_transport = discard:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixFigures:
    """One contender behind Postfix's smtpd_milters."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    """Messages that were refused or lost."""


def run_through_postfix(
    contenders: Sequence[Contender],
    messages: Sequence[CorpusMessage],
    *,
    folder: Path,
    total: int,
    rounds: int,
    running: ExitStack,
    say: Callable[[str], None],
) -> dict[str, PostfixFigures]:
    """Give each contender a Postfix, and load them in turn; figures are over all rounds."""
    instances: dict[str, Postfix] = {}
    for number, contender in enumerate(contenders):
        milters = ", ".join(contender.milters)
        instance = Postfix(folder / f"postfix-{number}", milters=milters, extra=_CONFIGURATION)
        instances[contender.name] = running.enter_context(instance)
    times: dict[str, list[float]] = {name: [] for name in instances}
    seconds = dict.fromkeys(instances, 0.0)
    errors = dict.fromkeys(instances, 0)
    for instance in instances.values():
        _load(instance, messages, len(messages))
    for number in range(rounds):
        say(f"through Postfix, round {number + 1} of {rounds}")
        for name, instance in instances.items():
            started = time.perf_counter()
            taken, failed = _load(instance, messages, total)
            seconds[name] += time.perf_counter() - started
            times[name] += taken
            errors[name] += failed
    return {
        name: PostfixFigures(
            per_second=len(times[name]) / seconds[name],
            p50_ms=percentile(times[name], 0.5) * 1000,
            p99_ms=percentile(times[name], 0.99) * 1000,
            errors=errors[name],
        )
        for name in instances
    }


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value that ``part`` of all do not exceed; 0 where there is none."""
    ordered = sorted(values)
    return ordered[int((len(ordered) - 1) * part)] if ordered else 0.0


def _load(postfix: Postfix, messages: Sequence[CorpusMessage], total: int) -> tuple[list[float], int]:
    times: list[float] = []
    failures = count()
    lock = threading.Lock()

    def send(message: CorpusMessage) -> None:
        client = Client(address=message.client, name=_name(message), helo=message.helo)
        started = time.perf_counter()
        try:
            with SmtpSession(postfix.ports.mx, client) as session:
                session.send(message.content, mail_from=message.mail_from, rcpt_to=[_RECIPIENT])
        except (smtplib.SMTPException, OSError):
            next(failures)
        else:
            with lock:
                times.append(time.perf_counter() - started)

    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(send, islice(cycle(messages), total)))
    return times, next(failures)


def _name(message: CorpusMessage) -> str:
    return "[UNAVAILABLE]" if message.client_name.startswith("[") else message.client_name
