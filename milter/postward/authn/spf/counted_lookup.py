# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS look-ups of one evaluation: timed, void ones counted, failures told apart (RFC 7208 sections 4.6.4 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns.answer import Answer, Outcome
from postward.dns.names import to_ascii
from postward.errors import BudgetExhausted, DnsFailure, PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.authn.spf.settings import SpfSettings
    from postward.dns.answer import RecordType
    from postward.dns.resolver import Lookup

_NOT_ASKED = Answer(outcome=Outcome.NXDOMAIN)


class CountedLookup:
    """Looks names up until the evaluation has had enough of it."""

    __slots__ = ("_clock", "_deadline_s", "_lookup", "_settings", "_term_is_void", "_void_lookups")

    def __init__(self, lookup: Lookup, settings: SpfSettings, clock: Callable[[], float]) -> None:
        self._lookup = lookup
        self._settings = settings
        self._clock = clock
        self._deadline_s = clock() + settings.time_limit_s
        self._void_lookups = 0
        self._term_is_void = False

    def begin_term(self) -> None:
        """What is looked up from now on belongs to another term."""
        self._term_is_void = False

    @property
    def term_is_void(self) -> bool:
        """Whether something that this term looked up was void."""
        return self._term_is_void

    def note_void_term(self, name: str) -> None:
        """Count the term as void for what an earlier one has learnt of ``name``; may raise PermanentFailure."""
        if self._settings.void_lookups_per_term:
            self._count_void(name)

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        """Look ``name`` up; the answer is never a failed one.

        Raises DnsFailure, BudgetExhausted, and PermanentFailure beyond the limit of void look-ups.
        """
        usable = to_ascii(name)
        # RFC 7208 section 4.8 leaves a name open that cannot be one: it is not asked for, and nothing matches.
        if usable is None:
            return _NOT_ASKED
        if self._clock() > self._deadline_s:
            raise BudgetExhausted("the evaluation takes too long")
        answer = self._lookup(usable, record_type)
        if answer.outcome is Outcome.BUDGET:
            raise BudgetExhausted("too many DNS look-ups for one message")
        if answer.failed:
            raise DnsFailure(f"{record_type} of {usable}: {answer.outcome}")
        if not answer.records:
            self._count_void(usable)
        return answer

    def _count_void(self, name: str) -> None:
        # RFC 7208 section 4.6.4 limits the terms for which the DNS has nothing, not the look-ups.
        if self._term_is_void and self._settings.void_lookups_per_term:
            return
        self._term_is_void = True
        self._void_lookups += 1
        if self._void_lookups > self._settings.max_void_lookups:
            raise PermanentFailure(f"more than {self._settings.max_void_lookups} void look-ups, the last of {name}")
