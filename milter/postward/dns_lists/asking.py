# SPDX-License-Identifier: GPL-3.0-or-later
"""How lists are asked: all questions at once, apart from the allowance that a message has for other look-ups."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Protocol

from postward.dns.answer import RecordType

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from postward.dns.answer import Answer
    from postward.dns.resolver import Lookup


class Asking(Protocol):
    """Answers questions for A records."""

    def answers(self, names: Collection[str], timeout_s: float) -> Mapping[str, Answer]:
        """Ask for all names at once, and wait so long in all; who has not answered by then is left out."""
        ...

    def ask_ahead(self, names: Iterable[str]) -> None:
        """Start to ask without waiting; from any thread, libmilter's and DNS's own included."""
        ...


class Resolver(Protocol):
    """The part of ``CaresResolver`` that is needed."""

    def known(self, name: str, record_type: RecordType) -> Answer | None:
        """What the cache holds."""
        ...

    def prefetch(self, name: str, record_type: RecordType, then: Callable[[Answer], None] | None = None) -> None:
        """See ``dns.resolver.Prefetch``."""
        ...

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the DNS thread."""
        ...


class ResolverAsking:
    """Asks the resolver of a worker, and its cache first."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def answers(self, names: Collection[str], timeout_s: float) -> Mapping[str, Answer]:
        """See ``Asking``; not to be called on the DNS thread, which would wait for itself."""
        known = self._resolver.known
        found = {name: answer for name in names if (answer := known(name, RecordType.A)) is not None}
        missing = [name for name in names if name not in found]
        if missing:
            found |= _Gathering(missing).gather(self._resolver, timeout_s)
        return found

    def ask_ahead(self, names: Iterable[str]) -> None:
        """See ``Asking``."""
        missing = [name for name in names if self._resolver.known(name, RecordType.A) is None]
        if missing:
            self._resolver.post(partial(self._start, missing))

    def _start(self, names: Iterable[str]) -> None:
        for name in names:
            self._resolver.prefetch(name, RecordType.A)


class LookupAsking:
    """Asks a look-up, one name after the other: a zone file answers at once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def answers(self, names: Collection[str], timeout_s: float) -> Mapping[str, Answer]:  # noqa: ARG002 - see Asking
        """See ``Asking``."""
        return {name: self._lookup(name, RecordType.A) for name in names}

    def ask_ahead(self, names: Iterable[str]) -> None:
        """Do nothing: to ask is to wait."""


class _Gathering:
    """One thread that waits for several answers."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._found: dict[str, Answer] = {}
        self._ready = threading.Lock()
        self._ready.acquire()

    def gather(self, resolver: Resolver, timeout_s: float) -> dict[str, Answer]:
        resolver.post(partial(self._start, resolver))
        self._ready.acquire(timeout=max(timeout_s, 0.0))
        # What comes in later must not change what is read now.
        return dict(self._found)

    def _start(self, resolver: Resolver) -> None:
        for name in self._names:
            resolver.prefetch(name, RecordType.A, partial(self._accept, name))

    def _accept(self, name: str, answer: Answer) -> None:
        self._found[name] = answer
        if len(self._found) == len(self._names):
            self._ready.release()
