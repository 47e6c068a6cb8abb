# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the store, made beforehand: what one Redis keeps up with, however long Python takes to ask."""

from __future__ import annotations

import socket
import time
from itertools import islice
from typing import TYPE_CHECKING

from postward.store.reputation.keys import key_of
from postward.store.reputation.record import SIZE
from postward.store.reputation.scripts import TEXTS, Batch, script_for
from postward.store.wire import packed
from tests.bench.reputation.work import Work
from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postward.model.identity import Identity
    from tests.bench.reputation.traffic import Senders

AT_ONCE = 7
"""Messages whose identities are taught in one round trip: 63 of them, about as many as the store sends at once."""
_VALUE = len(b"$44\r\n") + SIZE + len(b"\r\n")
_DONE = len(b":1\r\n")
_LONG_MS = 3_600_000.0
_GOOD = (0.75, 0.0, 0.0, 1.0)


def replay(socket_path: str, senders: Senders, numbers: Sequence[int]) -> Work:
    """Ask and teach as the store does, a message after the other; every identity has to be in Redis already.

    Nothing is merged here before it is sent, which a worker does with what comes more often than once in a second.
    """
    groups = list(_groups(senders, numbers))
    done = Work(messages=len(numbers))
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(socket_path)
        for text in TEXTS:
            connection.sendall(packed((b"SCRIPT", b"LOAD", text.encode())))
            _receive(connection, len(b"$40\r\n") + 40 + 2)
        started_s, cpu_s = time.perf_counter(), time.process_time()
        for questions, lesson, count in groups:
            for question in questions:
                before_s = time.perf_counter()
                connection.sendall(question)
                _receive(connection, len(b"*9\r\n") + count * _VALUE)
                done.reads_s.append(time.perf_counter() - before_s)
            connection.sendall(lesson)
            _receive(connection, len(questions) * count * _DONE)
        done.took_s, done.cpu_s = time.perf_counter() - started_s, time.process_time() - cpu_s
    return done


def _groups(senders: Senders, numbers: Iterable[int]) -> Iterable[tuple[list[bytes], bytes, int]]:
    """What is asked for some messages, what is taught by all of them, and how many identities one has."""
    source = enumerate(numbers, 1)
    while some := list(islice(source, AT_ONCE)):
        messages = [(token, senders.message(number)) for token, number in some]
        yield (
            [_question(identities) for _, identities in messages],
            b"".join(_lesson(identities, token) for token, identities in messages),
            len(messages[0][1]),
        )


def _question(identities: Iterable[Identity]) -> bytes:
    return packed((b"MGET", *(key_of(identity).encode() for identity in identities)))


def _lesson(identities: Iterable[Identity], token: int) -> bytes:
    now_s = time.time()
    batch = Batch(token=token, sent_s=int(now_s), not_after_ms=now_s * 1_000 + _LONG_MS)
    keys = map(key_of, identities)
    return b"".join(packed(script_for(key).command(key, _GOOD, batch)) for key in keys)


def _receive(connection: socket.socket, size: int) -> None:
    """Read an answer of which the length is known."""
    left = size
    while left:
        some = connection.recv(left)
        if not some or some.startswith(b"-"):
            raise MailHostError(f"Redis answered something else: {some[:80]!r}")
        left -= len(some)
