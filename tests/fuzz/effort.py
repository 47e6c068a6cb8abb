# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a test of a target: a few examples among the tests, as many as are asked for by ``make fuzz``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

from tests.fuzz.tally import examples, is_long, tried, wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy


def fuzz(*, share: float = 1.0, **inputs: SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a test of a target; ``share`` of the examples is tried, fewer where one is dear."""

    def decorate(target: Callable[..., None]) -> Callable[..., None]:
        wanted[target.__name__] = examples(share)

        @functools.wraps(target)
        def counted(*arguments: object, **named: object) -> None:
            tried[target.__name__] += 1
            target(*arguments, **named)

        return settings(
            max_examples=examples(share),
            derandomize=not is_long(),
            print_blob=is_long(),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(given(**inputs)(counted))

    return decorate
