# SPDX-License-Identifier: GPL-3.0-or-later
"""The reputation store of a configuration, for the commands about it: it may take its time, and learns nothing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.redis_target import redis_target
from postward.dns.public_suffix import open_suffixes
from postward.errors import UsageError
from postward.reputation.lineage import Lineage
from postward.reputation.store import ReputationStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.config import Configuration
    from postward.dns.public_suffix import PublicSuffixes
    from postward.model.estimate import Estimate
    from postward.model.identity import Identity
    from postward.model.ip_address import IpAddress
    from postward.model.redis_target import RedisTarget
    from postward.model.reputation import Record
    from postward.reputation.asn_table import AsnTable

_WAIT_S, _HOLD_S = 5.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An estimate, and what the fast window holds of one of our own senders."""

    estimate: Estimate
    fast: Record | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything of its own is known."""
        return self.estimate.record is not None or self.fast is not None


@contextmanager
def open_reputation_store(config: Configuration) -> Iterator[ReputationStore]:
    """Give the store; raises UsageError where there is none, or this account may not reach it."""
    target = redis_target(config)
    if target is None:
        raise UsageError("there is no reputation without Redis: set redis.url")
    _insist_on_access(target)
    from postward.app.redis_words import told_of_redis  # noqa: PLC0415 - as in app.redis_target
    from postward.store.reputation.records import RedisReputation  # noqa: PLC0415
    from postward.store.timed_calls import CallBounds, TimedCalls  # noqa: PLC0415

    calls = TimedCalls(target, CallBounds(wait_s=_WAIT_S, hold_s=_HOLD_S, threads=1))
    try:
        with told_of_redis():
            yield ReputationStore(RedisReputation(calls), Lineage(_registered, _Systems(config)))
    finally:
        calls.close()


def explained(store: ReputationStore, identities: Sequence[Identity]) -> list[Explained]:
    """Explain those of whom something is known; where that is none of them, the first.

    Raises a TemporaryFailure where Redis does not answer.
    """
    known = store.read(identities).standings
    chosen = [identity for identity in identities if identity in known] or identities[:1]
    return [
        Explained(
            estimate=store.explain(identity),
            fast=known[identity].fast if identity in known else None,
        )
        for identity in chosen
    ]


@cache
def _suffixes() -> PublicSuffixes:
    return open_suffixes()


def _registered(name: str) -> str:
    return _suffixes().organizational_domain(name)


class _Systems:
    """The table of autonomous systems, which is large: read when it is asked about the first address."""

    def __init__(self, config: Configuration) -> None:
        self._config = config

    @cached_property
    def _table(self) -> AsnTable | None:
        from postward.app.reputation import load_asn_table  # noqa: PLC0415 - most commands need nothing of it

        return load_asn_table(self._config)

    def find(self, address: IpAddress) -> int | None:
        """Give the number of the system that an address is in; raises ConfigErrors where there is no such table."""
        return self._table.find(address) if self._table is not None else None


def _insist_on_access(target: RedisTarget) -> None:
    """The Redis that Postward starts itself lets in nobody but its own account."""
    folder = Path(target.socket_path).parent
    if target.socket_path and folder.exists() and not os.access(folder, os.X_OK):
        raise UsageError(f"{folder} cannot be opened; run this as root, or as the user that Postward runs as")
