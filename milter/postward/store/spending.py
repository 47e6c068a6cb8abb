# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose time it is that a call to Redis takes: one budget for all that is asked for one message."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.time_budget import TimeBudget

_BUDGET: ContextVar[TimeBudget | None] = ContextVar("redis_budget", default=None)


@contextmanager
def spending(budget: TimeBudget) -> Iterator[None]:
    """Within it, all waiting of this thread for Redis is taken off ``budget``, and ends with it."""
    token = _BUDGET.set(budget)
    try:
        yield
    finally:
        _BUDGET.reset(token)


def present_budget() -> TimeBudget | None:
    """The budget of what this thread is about; None where nobody has given one."""
    return _BUDGET.get()
