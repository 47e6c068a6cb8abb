# SPDX-License-Identifier: GPL-3.0-or-later
"""The Redis that Postward keeps itself, with no supervisor above its keeper but the test."""

from __future__ import annotations

import os
import select
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from postward.mta.fork import ends_within, fork, kill
from postward.mta.link import KIND, open_link
from postward.mta.managed_redis.keeper import END, Keeper, Patience

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.mta.fork import Closable
    from postward.mta.link import Link
    from postward.mta.managed_redis.settings import ManagedRedisSettings

PATIENCE_S = 60.0


class Told:
    """What a keeper tells."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._waiting: list[dict[str, Any]] = []

    def next(self) -> dict[str, Any]:
        """Wait for one message."""
        deadline = time.monotonic() + PATIENCE_S
        while not self._waiting:
            assert select.select([self.link], [], [], max(0.0, deadline - time.monotonic()))[0]
            self._waiting += self.link.receive()
        return self._waiting.pop(0)

    def until(self, kind: str) -> dict[str, Any]:
        """Wait for one of that kind, and pass over all others."""
        while (message := self.next())[KIND] != kind:
            pass
        return message


@contextmanager
def kept_redis(
    settings: ManagedRedisSettings, *, close: Iterable[Closable] = (), patience: Patience | None = None
) -> Iterator[Told]:
    """Run a keeper in a process of its own; ``close``: what that must not hold open."""
    mine, theirs = open_link()
    pid = fork(lambda: Keeper(theirs, settings, patience=patience).run(), close=(mine, *close))
    theirs.close()
    try:
        yield Told(mine)
    finally:
        mine.send(END)
        mine.close()
        ended = ends_within(pid, PATIENCE_S)
        kill(pid)
        os.waitpid(pid, 0)
    assert ended
