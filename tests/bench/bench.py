# SPDX-License-Identifier: GPL-3.0-or-later
"""One run: everybody is started, checked and measured, and all is stopped and removed."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.chains import CHAINS, IDLE, RSPAMD_BARE, MissingPackagesError, start_chain, start_idle
from tests.bench.cold_dns import DELAY_S, cold_corpus, measure_cold
from tests.bench.large import measure_crowd, measure_large
from tests.bench.outgoing import measure_signing
from tests.bench.plugin_trips import measure_trips
from tests.bench.postward_filter import WORKERS_AS_SHIPPED
from tests.bench.processes import cpu, pss_bytes
from tests.bench.profiling import profile
from tests.bench.report import Report, RestFigures
from tests.bench.rounds import Course, run_rounds
from tests.bench.rule_costs import measure_rules
from tests.bench.scanning_costs import AUTHENTICATION, AUTHENTICATION_SETTINGS, measure_scanning
from tests.bench.stages import measure_inside
from tests.bench.stand import Stand
from tests.bench.targets import ONE, SHIPPED, TWO
from tests.bench.through_postfix import run_through_postfix
from tests.bench.verdicts import shortfalls
from tests.dns_fixture import DnsFixture
from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.bench.cold_dns import ColdFigures
    from tests.bench.contender import Contender
    from tests.bench.large import LargeFigures
    from tests.bench.postward_filter import PostwardFilter
    from tests.bench.profiling import FunctionCost
    from tests.bench.rounds import Figures
    from tests.bench.through_postfix import PostfixFigures

_PROFILE_ROUNDS = 60
_FIRST_LOOK = 5
Say = Callable[[str], None]
"""Told each step before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is measured."""

    messages: int = 1800
    """In each round, for each contender."""
    rounds: int = 5
    inside_rounds: int = 20
    postfix_messages: int = 300
    postfix_rounds: int = 3
    starts: int = 3


FULL = Extent()
QUICK = Extent(messages=600, rounds=1, inside_rounds=5, postfix_messages=120, postfix_rounds=1, starts=1)


def run_bench(extent: Extent, command: str, say: Say) -> Report:
    """Measure everything, telling ``say`` each step before it begins; needs root, raises MailHostError."""
    say("messages, load generator, name server")
    with Stand() as stand:
        say("Postward")
        rest = _rest(stand, extent.starts)
        shipped, *others = (
            stand.running.enter_context(stand.filter(workers)) for workers in dict.fromkeys((WORKERS_AS_SHIPPED, 2, 1))
        )
        refused: dict[str, str] = {}
        alone = replace(
            stand.running.enter_context(stand.filter(WORKERS_AS_SHIPPED, settings=AUTHENTICATION_SETTINGS)).contender,
            name=AUTHENTICATION,
        )
        peers = _start_peers(stand, refused, say)
        say("verdicts")
        contenders = _that_verify(
            stand, (shipped.contender, alone, *(other.contender for other in others), *peers), refused
        )
        figures = _milter_protocol(stand, contenders, extent, say)
        postfix = _through_postfix(stand, contenders, extent, say)
        say("signing")
        signing = measure_signing(stand, extent.messages, extent.rounds, say)
        refused |= signing.refused
        say("rules")
        rules = measure_rules(stand, extent.messages, extent.rounds, say)
        say("header, content and DNS lists")
        scanning = measure_scanning(stand, extent.messages, extent.rounds, say)
        trips = measure_trips(stand.root, stand.installation)
        say("stages inside Postward")
        inside = measure_inside(stand.configuration(), stand.mix.messages, extent.inside_rounds)
        say("messages of 25 MB")
        attachment, spaced_text = _large(stand)
        crowd = measure_crowd(shipped, stand.generator, stand.large_files[0])
        say("cold DNS")
        cold = _cold(stand)
    return Report(
        machine=machine(), command=command, contenders=figures, refused=refused, inside=inside, postfix=postfix,
        signing=signing.figures, rules=rules, scanning=scanning, plugin_trips_ms=trips,
        attachment=attachment, spaced_text=spaced_text, crowd=crowd, cold=cold, rest=rest,
    )  # fmt: skip


def run_profile() -> list[FunctionCost]:
    """Find the dearest functions; needs root for the name server's port."""
    with Stand() as stand:
        return profile(stand.configuration(), stand.mix.messages, _PROFILE_ROUNDS)


def machine() -> str:
    """Say in words what this was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release()}, Python {platform.python_version()}"


def _rest(stand: Stand, starts: int) -> RestFigures:
    ready, used = [], []
    for number in range(starts):
        with stand.filter(WORKERS_AS_SHIPPED) as started:
            ready.append(started.ready_after_s)
            used.append(cpu((started.pid,)).total_s)
            if number == starts - 1:
                idle = pss_bytes((started.pid,))
                worker = max(idle[pid] for pid in started.workers())
    return RestFigures(
        ready_after_s=median(ready),
        start_cpu_s=median(used),
        idle_worker_bytes=worker,
        idle_total_bytes=sum(idle.values()),
    )


def _start_peers(stand: Stand, refused: dict[str, str], say: Say) -> list[Contender]:
    started = [start_idle(stand.root / "idle", stand.names.address, stand.running)]
    for number, (name, programs) in enumerate(CHAINS.items()):
        say(name)
        folder = stand.root / f"chain-{number}"
        try:
            started.append(start_chain(name, programs, folder, stand.names.address, stand.running))
        except MissingPackagesError as error:
            refused[name] = (
                f"these Debian packages are not installed: {', '.join(error.packages)} (PEERS=1 installs them)"
            )
        except MailHostError as error:
            refused[name] = str(error)
    return started


def _that_verify(stand: Stand, contenders: Iterable[Contender], refused: dict[str, str]) -> list[Contender]:
    """Leave out who does not find what is in the corpus: one whose look-ups fail looks cheap."""
    sound = []
    for contender in contenders:
        why = _shortfall(stand, contender)
        if why:
            refused[contender.name] = why
        else:
            sound.append(contender)
    return sound


def _shortfall(stand: Stand, contender: Contender) -> str:
    """Say what a contender does not find; empty where it finds all that it is to find."""
    # With a name server that does not answer each message takes seconds: a few are enough to see it.
    for count in (_FIRST_LOOK, len(stand.mix_files)):
        try:
            answers = stand.generator.answers(contender.milters, stand.mix_files[:count])
        except MailHostError as error:
            return str(error)
        wrong = shortfalls(answers, stand.mix.messages[:count], contender.methods)
        if wrong:
            return f"it does not verify: {'; '.join(wrong)}"
    return ""


def _milter_protocol(stand: Stand, contenders: list[Contender], extent: Extent, say: Say) -> dict[str, Figures]:
    course = Course(
        generator=stand.generator,
        files=stand.mix_files,
        name_server_pid=stand.names.pid,
        messages=extent.messages,
        rounds=extent.rounds,
    )
    return run_rounds(contenders, course, say)


def _through_postfix(stand: Stand, contenders: list[Contender], extent: Extent, say: Say) -> dict[str, PostfixFigures]:
    return run_through_postfix(
        [
            contender
            for contender in contenders
            if contender.name not in {ONE, TWO, IDLE, RSPAMD_BARE, AUTHENTICATION} - {SHIPPED}
        ],
        stand.mix.messages,
        folder=stand.root,
        total=extent.postfix_messages,
        rounds=extent.postfix_rounds,
        running=stand.running,
        say=say,
    )


def _large(stand: Stand) -> list[LargeFigures]:
    """A Postward that has seen nothing yet: memory that an earlier message left free would hide what this one takes."""
    with stand.filter(1) as fresh:
        pairs = zip(stand.large_files, stand.large.messages, strict=True)
        return [measure_large(fresh, stand.generator, file, message) for file, message in pairs]


def _cold(stand: Stand) -> ColdFigures:
    corpus = cold_corpus()
    files = corpus.write(stand.root / "cold")
    with (
        DnsFixture({**corpus.zone, **stand.mix.zone}, delay_s=DELAY_S) as far,
        stand.filter(1, name_server=far.address) as one,
    ):
        _warm_up(one, stand)
        return measure_cold(one, stand.generator, files, corpus, far.port)


def _warm_up(one: PostwardFilter, stand: Stand) -> None:
    """Let the worker do everything once, with other names."""
    stand.generator.run((one.address,), stand.mix_files, messages=len(stand.mix_files), sessions=1)
