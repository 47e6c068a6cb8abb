# SPDX-License-Identifier: GPL-3.0-or-later
"""Large messages: CPU against hashing the same bytes, and memory of the workers."""

from __future__ import annotations

import base64
import hashlib
import random
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.corpus import Corpus, CorpusMessage, Sender
from tests.bench.processes import cpu, forget_peak, peak_resident_bytes, pids, resident_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.load import LoadGenerator
    from tests.bench.postward_filter import PostwardFilter

LARGE_BYTES = 25 * 1000 * 1000
AT_ONCE = 100

_SEED = 25
_SENDER = 90
"""Another domain than those of the standard mix."""
_REPEATS = 6
_HASHES = 2
_BASE64_LINE_BYTES = 57
"""Gives lines of 76 characters, as MIME has them."""
_SPACED_WORDS = (b"word", b"two  words", b"a \t tab", b"the end  ")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeFigures:
    """One large message."""

    cpu_ms: float
    """All processes of Postward."""
    hashing_twice_ms: float
    """CPU of SHA-256 over the same bytes, twice."""
    growth_bytes: int
    """Of the worker that takes it, at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdFigures:
    """Many large messages at once."""

    messages: int
    errors: int
    peak_bytes: int
    """The largest resident sets of all processes together: pages that they share count each time."""
    seconds: float


def large_corpus(size_bytes: int = LARGE_BYTES) -> Corpus:
    """Make one message with one base64 attachment, and one of text in which every line has white space to reduce."""
    sender = Sender(_SENDER)
    content = (_attachment(size_bytes), _spaced_text(size_bytes))
    return Corpus(messages=tuple(_message(sender, body) for body in content), zone=sender.zone())


def measure_large(
    filter_: PostwardFilter, generator: LoadGenerator, file: Path, message: CorpusMessage
) -> LargeFigures:
    """Send one message several times, one after the other; ``filter_`` has one worker."""
    (worker,) = filter_.workers()
    generator.run((filter_.address,), [file], messages=1, sessions=1)
    forget_peak(worker)
    resident, used = resident_bytes(worker), cpu((filter_.pid,))
    generator.run((filter_.address,), [file], messages=_REPEATS, sessions=1)
    return LargeFigures(
        cpu_ms=(cpu((filter_.pid,)) - used).total_s / _REPEATS * 1000,
        hashing_twice_ms=_hashing_twice_ms(message.content),
        growth_bytes=peak_resident_bytes(worker) - resident,
    )


def measure_crowd(filter_: PostwardFilter, generator: LoadGenerator, file: Path) -> CrowdFigures:
    """Send many at once."""
    everybody = pids((filter_.pid,))
    for pid in everybody:
        forget_peak(pid)
    result = generator.run((filter_.address,), [file], messages=AT_ONCE, sessions=AT_ONCE)
    return CrowdFigures(
        messages=result.accepted,
        errors=result.errors + result.tempfailed + result.rejected,
        peak_bytes=sum(peak_resident_bytes(pid) for pid in everybody),
        seconds=result.seconds,
    )


def _hashing_twice_ms(content: bytes) -> float:
    times = []
    for _ in range(_REPEATS):
        started = time.thread_time()
        for _ in range(_HASHES):
            hashlib.sha256(content).digest()
        times.append((time.thread_time() - started) * 1000)
    return median(times)


def _message(sender: Sender, body: bytes) -> CorpusMessage:
    head = (
        f"From: <person@{sender.domain}>\r\nTo: <user@local.test>\r\nSubject: large\r\n"
        f"Date: Tue, 24 Nov 2026 01:00:00 +0000\r\nMessage-ID: <large@{sender.domain}>\r\nMIME-Version: 1.0\r\n"
    ).encode()
    content = sender.signing.sign(head + body)
    return CorpusMessage(
        content=content, client=sender.address, client_name=sender.host, helo=sender.host,
        mail_from=f"person@{sender.domain}", expected={"spf": "pass", "dkim": "pass", "dmarc": "pass", "arc": "none"},
    )  # fmt: skip


def _attachment(size_bytes: int) -> bytes:
    octets = random.Random(_SEED).randbytes(size_bytes * _BASE64_LINE_BYTES // 78)
    text = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    head = b'Content-Type: application/octet-stream; name="a.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head + text


def _spaced_text(size_bytes: int) -> bytes:
    chance = random.Random(_SEED)
    lines = [b" ".join(chance.choices(_SPACED_WORDS, k=10)) for _ in range(1000)]
    block = b"\r\n".join(lines) + b"\r\n"
    return b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + block * (size_bytes // len(block))
