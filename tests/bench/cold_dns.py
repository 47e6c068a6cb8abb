# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages whose every name is new, with a name server that is far away."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import dns.message
import dns.query

from tests.bench.corpus import standard_mix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.corpus import Corpus
    from tests.bench.load import Answer, LoadGenerator
    from tests.bench.postward_filter import PostwardFilter

DELAY_S = 0.03
MESSAGES = 30

_PROBES = 5
_LISTED_DEPTH = 2
"""The record, and the include in which the client is listed."""
_UNLISTED_DEPTH = 3
"""The record, the include, and the include in that; the MX and its address take as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdFigures:
    """How long a message takes from the client's connection to our answer."""

    round_trip_ms: float
    """Measured, with an idle name server."""
    p50_ms: float
    round_trips_p50: float
    round_trips_worst: float
    excess_p50: float
    """Round trips beyond the depth of the SPF record, of the middle message."""


def cold_corpus() -> Corpus:
    """Make the standard mix, but with a domain of its own for each message."""
    return standard_mix(MESSAGES, domains=MESSAGES)


def measure_cold(
    filter_: PostwardFilter, generator: LoadGenerator, files: Sequence[Path], corpus: Corpus, port: int
) -> ColdFigures:
    """Send each message once, one after the other; its names were never asked for before."""
    answers = generator.answers((filter_.address,), files)
    return cold_figures(
        answers, [spf_depth(message.expected["spf"]) for message in corpus.messages], _round_trip_s(port)
    )


def cold_figures(answers: Sequence[Answer], depths: Sequence[int], round_trip_s: float) -> ColdFigures:
    """Count in round trips."""
    trips = [answer.ms / 1000 / round_trip_s for answer in answers]
    return ColdFigures(
        round_trip_ms=round_trip_s * 1000,
        p50_ms=median(answer.ms for answer in answers),
        round_trips_p50=median(trips),
        round_trips_worst=max(trips),
        excess_p50=median(each - depth for each, depth in zip(trips, depths, strict=True)),
    )


def spf_depth(result: str) -> int:
    """How many look-ups must follow each other, by what the record says of the client."""
    return _LISTED_DEPTH if result == "pass" else _UNLISTED_DEPTH


def _round_trip_s(port: int) -> float:
    query = dns.message.make_query("nobody.invalid", "A")
    times = []
    for _ in range(_PROBES):
        started = time.perf_counter()
        dns.query.udp(query, "127.0.0.1", port=port, timeout=5)
        times.append(time.perf_counter() - started)
    return median(times)
