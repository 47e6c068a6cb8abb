# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks of one message, one after the other, and survive whatever one of them does.

One of the four places that catch every exception: a defect in one check costs neither the message nor the
results of the others.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING

from postward.checks.base import is_begun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.checks.base import BegunCheck, Check
    from postward.checks.examination import Examination
    from postward.model.transaction import Transaction

_INTERNAL = "internal error"
_log = logging.getLogger(__name__)


def run_checks(
    checks: Sequence[Check], examination: Examination, *, clock: Callable[[], float] = time.perf_counter
) -> None:
    """Run those checks that apply to the message's origin, and note the milliseconds that each took.

    What has to be asked of others is asked first, so that their answers come while the other checks run: first of all
    what is collected last, for to find out what to ask may itself take time.
    """
    transaction = examination.transaction
    applying = [check for check in checks if check.applies(transaction.origin)]
    begun = [check for check in reversed(applying) if not is_begun(check) or _begin(check, examination)]
    for check in reversed(begun):
        started = clock()
        if not guarded(check.name, transaction, partial(check.run, examination)):
            _give_up(check, transaction)
        transaction.stage_ms[check.name] = (clock() - started) * 1000


def _begin(check: BegunCheck, examination: Examination) -> bool:
    transaction = examination.transaction
    has_begun = guarded(check.name, transaction, partial(check.begin, examination))
    if not has_begun:
        _give_up(check, transaction)
    return has_begun


def _give_up(check: Check, transaction: Transaction) -> None:
    """Whoever wants a message put off that another cannot be asked about wants it whatever the cause."""
    if is_begun(check):
        guarded(check.name, transaction, partial(check.give_up, transaction, _INTERNAL))


def guarded(name: str | Callable[[], str], transaction: Transaction, work: Callable[[], object]) -> bool:
    """Do it; False where it raised: then ``name`` was not checked, and the log has the cause.

    A callable gives the name of what was being done when it raised.
    """
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the check runner: one check's defect must not cost the message
        failed = name if isinstance(name, str) else name()
        transaction.facts.not_checked[failed] = _INTERNAL
        _log.exception("check %s failed on message %s: %s", failed, transaction.id, type(error).__name__)
        return False
    return True
