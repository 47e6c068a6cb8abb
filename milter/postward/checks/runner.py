"""Run the checks of one message, one after the other, and survive whatever one of them does.

One of the four places that catch every exception: a defect in one check costs neither the message nor the
results of the others.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.checks.base import Check
    from postward.checks.examination import Examination

_log = logging.getLogger(__name__)


def run_checks(
    checks: Sequence[Check], examination: Examination, *, clock: Callable[[], float] = time.perf_counter
) -> None:
    """Run those checks that apply to the message's origin, and note the milliseconds that each took."""
    transaction = examination.transaction
    for check in checks:
        if not check.applies(transaction.origin):
            continue
        started = clock()
        _run_one(check, examination)
        transaction.stage_ms[check.name] = (clock() - started) * 1000


def _run_one(check: Check, examination: Examination) -> None:
    transaction = examination.transaction
    try:
        check.run(examination)
    except Exception as error:  # noqa: BLE001 - the check runner: one check's defect must not cost the message
        transaction.facts.not_checked[check.name] = "internal error"
        _log.exception("check %s failed on message %s: %s", check.name, transaction.id, type(error).__name__)
