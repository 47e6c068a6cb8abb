# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.bench.overload [--quick]``: twice as much mail as can be judged, with and without load shedding."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from postward.model.reputation import Correspondence
from tests.bench.bench import machine
from tests.bench.name_server import UnboundServer
from tests.bench.overload.crowd import CROWD, FRIEND, QUIET, USER, arrivals, bad_clients, good_clients, send
from tests.bench.overload.figures import Repeat, head, lines, summarize
from tests.bench.overload.known_senders import teach
from tests.bench.overload.slow_scanner import SCAN_S
from tests.bench.postward_filter import PostwardFilter
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import reachable_installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.overload.crowd import Arrival, Kind
    from tests.bench.overload.mta_session import Handled

_WORKERS, _CONCURRENT = 2, 8
_CAPACITY = _WORKERS * _CONCURRENT / SCAN_S
"""Messages a second."""
_REPEATS = 3
_SLICES, _SLICE_S = 6, 5.0
"""By turns quiet and crowded, so that what else happens on the machine meets both alike."""
_UNSHED_S = 15.0
_SETTLE_S = 1.0
_ONLY_THE_SCANNER: dict[str, Any] = {
    **{name: {"enabled": False} for name in ("spf", "dkim", "arc", "iprev", "content")},
    "dmarc": {"on_reject": "none", "on_quarantine": "none", "multiple_from": "none"},
}


def main() -> int:
    """Print the table; 0 where good senders notice less than twice their quiet time in each repeat."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.overload", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short repeat")
    options = parser.parse_args()
    if os.geteuid():
        sys.stderr.write("It starts a name server and services of its own and needs root.\n")
        return 1
    slices, repeats = (2, 1) if options.quick else (_SLICES, _REPEATS)
    with ExitStack() as running:
        shed, unshed = _start(running)
        found = [_repeat(shed, unshed, slices, number) for number in range(repeats)]
    _print(found)
    return 0 if all(one.ratio < 2 for one in found) else 1


def _start(running: ExitStack) -> tuple[PostwardFilter, PostwardFilter]:
    root = running.enter_context(Scratch())
    names = running.enter_context(UnboundServer(root / "unbound", {"bench.example": [{"TXT": "there"}]}))
    redis = running.enter_context(RedisServer(root / "redis"))
    teach(redis.url, good=good_clients(), bad=bad_clients(), written_to=Correspondence(USER, FRIEND))
    scanner = running.enter_context(_scanner(root / "scanner.sock"))
    installation = reachable_installation(root)
    both = [
        PostwardFilter(
            root / name,
            installation,
            names.server,
            workers=_WORKERS,
            settings={
                **_ONLY_THE_SCANNER,
                "clamav": {"socket": f"unix:{scanner}", "concurrency": _CONCURRENT},
                "message": {"max_concurrent": _CONCURRENT, "deadline_s": 120.0},
                "shedding": {"enabled": is_on},
                "redis": {"url": redis.url},
                "reputation": {"enabled": True},
            },
        )
        for name, is_on in (("shed", True), ("unshed", False))
    ]
    return running.enter_context(both[0]), running.enter_context(both[1])


@contextmanager
def _scanner(path: Path) -> Iterator[Path]:
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.overload.slow_scanner", str(path)])
    try:
        while not path.exists() and process.poll() is None:
            time.sleep(0.05)
        yield path
    finally:
        process.terminate()
        process.wait()


def _repeat(shed: PostwardFilter, unshed: PostwardFilter, slices: int, number: int) -> Repeat:
    quiet, crowd = [], []
    for seed in range(number * slices, (number + 1) * slices):
        quiet += _run(shed, arrivals(QUIET, _CAPACITY, _SLICE_S, seed))
        crowd += _run(shed, arrivals(CROWD, _CAPACITY, _SLICE_S, seed))
    left_alone = _run(unshed, arrivals(CROWD, _CAPACITY, _UNSHED_S, number))
    repeat = Repeat(quiet=summarize(quiet), shed=summarize(crowd), unshed=summarize(left_alone))
    sys.stderr.write(f"repeat {number + 1}: p99 of good senders {repeat.ratio:.2f} of its quiet value\n")
    return repeat


def _run(filter_: PostwardFilter, stream: list[Arrival]) -> list[tuple[Kind, Handled]]:
    time.sleep(_SETTLE_S)
    return asyncio.run(send(filter_.address.removeprefix("unix:"), stream))


def _print(found: list[Repeat]) -> None:
    table = [
        head(),
        *lines("quiet", [one.quiet for one in found]),
        *lines("twice the capacity", [one.shed for one in found]),
        *lines("the same without shedding", [one.unshed for one in found]),
    ]
    ratios = ", ".join(f"{one.ratio:.2f}" for one in found)
    sys.stdout.write(
        f"{machine()}; {_WORKERS} workers of {_CONCURRENT} messages, {_CAPACITY:.0f} messages a second\n\n"
        + "\n".join(table)
        + f"\n\np99 of good senders, of its quiet value, in each repeat: {ratios}\n"
        + f"sessions that broke: {sum(one.broken for one in found)}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
