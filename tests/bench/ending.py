# SPDX-License-Identifier: GPL-3.0-or-later
"""How a bench ends: whatever stops it, what it has started is stopped and removed."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERRUPTED = 130


def run_to_the_end(work: Callable[[], object], say: Callable[[str], None]) -> int:
    """Do the work; 0 whether targets are met or not, 1 where a server fails, 130 where it is interrupted."""
    # SIGINT raises by itself; the others shall clean up as well.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        work()
    except (MailHostError, TemporaryFailure) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; everything is stopped and removed.")
        return _INTERRUPTED
    return 0


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
