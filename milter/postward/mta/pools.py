# SPDX-License-Identifier: GPL-3.0-or-later
"""The threads of a worker: mail of our own users has its own where they are to be spared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.load import Load
from postward.mta.evaluation_pool import EvaluationPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.transaction import Transaction


class Pools:
    """Two pools of ``max_threads`` each, or one for all mail where ``is_ours`` is None."""

    def __init__(self, max_threads: int, is_ours: Callable[[Transaction], bool] | None = None) -> None:
        self._max_threads = max_threads
        self._is_ours = is_ours
        self._others = EvaluationPool(max_threads)
        self._ours = self._others if is_ours is None else EvaluationPool(max_threads)

    def of(self, transaction: Transaction) -> EvaluationPool:
        """Where work for this message is done."""
        return self._ours if self._is_ours is not None and self._is_ours(transaction) else self._others

    @property
    def load(self) -> Load:
        """How busy they are."""
        return Load(others=self._others.busy / self._max_threads, ours=self._ours.busy / self._max_threads)

    @property
    def stuck(self) -> int:
        """Evaluations that nobody waits for any more and that are still under way."""
        return self._others.stuck + (self._ours.stuck if self._ours is not self._others else 0)
