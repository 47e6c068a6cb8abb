# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.transaction import Facts, Transaction


class Check(Protocol):
    """Establishes facts about one message.

    ``run`` stores them in ``examination.transaction.facts``.  What it raises, the runner turns into a line
    of ``facts.not_checked``: a check that fails never decides about the message.
    """

    @property
    def name(self) -> str:
        """The word for it in Authentication-Results, logs and metrics."""
        ...

    @property
    def requires(self) -> tuple[str, ...]:
        """Checks that have to run before this one."""
        ...

    def applies(self, origin: Origin) -> bool:
        """Whether a message of that origin is judged by this check."""
        ...

    def run(self, examination: Examination) -> None:
        """Establish the facts, in the time that the look-up's budget allows."""
        ...

    def results(self, facts: Facts) -> Mapping[str, str]:
        """Result words by label, for metrics: ``{"spf": "pass"}``; empty where the check has not run."""
        ...


class BegunCheck(Check, Protocol):
    """A check that waits for others, such as a scanner; it is begun before the first check runs."""

    def begin(self, examination: Examination) -> None:
        """Have others begin with their work, without waiting for it; ``run`` collects what has come of it."""
        ...

    def give_up(self, transaction: Transaction, reason: str) -> None:
        """Note what has come by the message's deadline, or what follows from having no answer; ``reason`` in words.

        Called on another thread than ``run``, with the same message and facts of its own.
        """
        ...


def is_begun(check: Check) -> TypeGuard[BegunCheck]:
    """Tell whether a check has to be begun; asking a protocol for that takes ten times as long."""
    return hasattr(check, "begin")
