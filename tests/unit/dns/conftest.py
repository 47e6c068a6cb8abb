# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from postward.dns.cares import CaresResolver
from postward.dns.settings import DnsSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class HandClock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def make_resolver() -> Iterator[Callable[..., CaresResolver]]:
    """Make resolvers that ask one server and are closed at the end of the test."""
    with ExitStack() as stack:

        def make(address: str, *, clock: Callable[[], float] | None = None, **settings: object) -> CaresResolver:
            others = {} if clock is None else {"clock": clock}
            resolver = CaresResolver(DnsSettings(servers=(address,), **settings), **others)
            stack.callback(resolver.close)
            return resolver

        yield make
