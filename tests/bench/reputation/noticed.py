# SPDX-License-Identifier: GPL-3.0-or-later
"""After how many bad messages an account was noticed, by one method, for many accounts."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

THRESHOLD = 0.3
"""An account of which so much bad mail is expected is noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """How one method does."""

    method: str
    messages: tuple[int | None, ...]
    """Of each account, how many bad messages had gone out; None where it was not noticed."""

    @property
    def median(self) -> float | None:
        """None where half of them were not noticed."""
        return _or_none(median(self._counts))

    @property
    def p90(self) -> float | None:
        """So many or fewer in nine of ten accounts."""
        return _or_none(quantiles(self._counts, n=10, method="inclusive")[-1]) if len(self._counts) > 1 else self.worst

    @property
    def worst(self) -> float | None:
        """The account that was noticed last."""
        return _or_none(max(self._counts))

    @property
    def _counts(self) -> list[float]:
        return [inf if count is None else float(count) for count in self.messages]


def first_noticed(expected: Sequence[float]) -> int | None:
    """How many messages had gone out when the expected share first passed the threshold.

    ``expected[n]`` is what was expected when ``n`` of them had been learnt.
    """
    return next((count for count, share in enumerate(expected) if share > THRESHOLD), None)


def noticed(method: str, courses: Iterable[Sequence[float]]) -> Noticed:
    """Look at the course of each account."""
    return Noticed(method=method, messages=tuple(map(first_noticed, courses)))


def _or_none(value: float) -> float | None:
    # The quantile of numbers and infinity is infinity, or none at all.
    return value if value < inf else None
