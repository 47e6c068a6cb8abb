# SPDX-License-Identifier: GPL-3.0-or-later
"""What one message costs the store: its identities read and judged before it, and taught by it afterwards."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.model.identity import IdentityKind
from postward.model.reputation import UNKNOWN, Evidence
from postward.reputation.estimate import estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.model.identity import Identity
    from postward.model.reputation import Standing
    from postward.store.reputation.records import RedisReputation
    from tests.bench.reputation.traffic import Senders

FLUSH_AFTER = 500
"""Messages: what a busy worker has in a fraction of a second."""
_LESSON = Evidence(good=0.75, seen=1.0)
_WAYS = (
    (IdentityKind.ALL, IdentityKind.ASN, IdentityKind.NETWORK, IdentityKind.IP),
    (IdentityKind.ALL, IdentityKind.ORGANIZATION, IdentityKind.SPF_DOMAIN),
    (IdentityKind.ALL, IdentityKind.ORGANIZATION, IdentityKind.DKIM_DOMAIN),
    (IdentityKind.ALL, IdentityKind.ORGANIZATION, IdentityKind.AUTHOR_DOMAIN),
    (IdentityKind.ALL, IdentityKind.ORGANIZATION, IdentityKind.AUTHOR_DOMAIN, IdentityKind.PAIR),
)
"""The chains that a message with an authenticated author is judged by."""


@dataclass(slots=True)
class Work:
    """What was done, and how long it took."""

    messages: int = 0
    took_s: float = 0.0
    cpu_s: float = 0.0
    """Of all threads of this process."""
    reads_s: list[float] = field(default_factory=list)
    """How long each message waited for what is known."""


def do_work(records: RedisReputation, senders: Senders, numbers: Iterable[int]) -> Work:
    """Let these senders send a message each."""
    done = Work()
    started_s, cpu_s = time.perf_counter(), time.process_time()
    for number in numbers:
        _one(records, senders.message(number), done.reads_s)
        done.messages += 1
        if done.messages % FLUSH_AFTER == 0:
            records.flush()
    records.flush()
    done.took_s, done.cpu_s = time.perf_counter() - started_s, time.process_time() - cpu_s
    return done


def _one(records: RedisReputation, identities: tuple[Identity, ...], reads_s: list[float]) -> None:
    before_s = time.perf_counter()
    standings = records.fetch(identities).standings
    reads_s.append(time.perf_counter() - before_s)
    by_kind = {identity.kind: identity for identity in identities}
    for kinds in _WAYS:
        estimate(_chain(kinds, by_kind, standings))
    records.add(dict.fromkeys(identities, _LESSON))


def _chain(
    kinds: tuple[IdentityKind, ...], by_kind: Mapping[IdentityKind, Identity], standings: Mapping[Identity, Standing]
) -> list[tuple[Identity, object]]:
    return [(by_kind[kind], standings.get(by_kind[kind], UNKNOWN).slow) for kind in kinds]
