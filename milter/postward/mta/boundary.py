# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge between the milter and everything that can go wrong behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def guarded(
    failed: Callable[[Exception], None], work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
) -> R | None:
    """Call ``work``; what it raises goes to ``failed``, which decides about the message, and no further.

    An exception that left a callback would be answered by pymilter in its own words; one that ended a thread
    would leave the MTA waiting.
    """
    try:
        return work(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the milter callback boundary
        failed(error)
        return None
