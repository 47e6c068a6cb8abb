# SPDX-License-Identifier: GPL-3.0-or-later
"""How often something has come lately, over all workers and hosts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.rules.conditions.base import Finding
from postward.rules.conditions.leaf import Leaf
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from postward.rules.conditions.attribute import Attribute
    from postward.rules.conditions.base import Subject
    from postward.rules.message.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """More than ``limit`` messages within ``window_s``, in ``busy`` of the last ``windows`` such windows."""

    limit: int
    window_s: float
    busy: int = 1
    windows: int = 1


class RateCondition(Leaf):
    """Counts the message each time it is asked, and holds above the limit.

    It does not hold while the counters cannot be reached: a guard against floods must not become one more outage.
    """

    def __init__(self, rule: str, key: tuple[Attribute, ...], limit: RateLimit) -> None:
        """``key``: messages that have the same values of these attributes are counted together."""
        self._rule = rule
        self._key = key
        self._limit = limit
        self.needs = frozenset({Need.RATE}).union(*(attribute.needs for attribute in key))
        self.stage = max((attribute.stage for attribute in key), default=Stage.CONNECT)
        self.is_per_recipient = any(attribute.is_per_recipient for attribute in key)
        names = ", ".join(attribute.name for attribute in key) or "everything"
        self._asked = f"rate of {names} over {limit.limit} in {limit.window_s:g} s"

    def test(self, subject: Subject) -> Finding:
        """Count."""
        limit = self._limit
        try:
            counts = subject.services.rates.count(
                self._name(subject.message),
                windows=limit.windows,
                window_s=limit.window_s,
                now_s=subject.message.now_s,
            )
        except TemporaryFailure as error:
            return Finding(matched=False, asked=self._asked, seen=f"the counters cannot be reached: {error}"[:200])
        busy = sum(count > limit.limit for count in counts)
        return Finding(matched=busy >= limit.busy, asked=self._asked, seen=", ".join(map(str, counts)))

    def _name(self, message: Message) -> str:
        """Of the counter: text from outside stands in it as a hash, so its size and its letters are bounded."""
        values = "\0".join("\1".join(attribute.read(message)) for attribute in self._key)
        digest = hashlib.sha256(values.encode("utf-8", "surrogateescape")).hexdigest()
        return f"{self._rule}:{digest[:32]}"
