# SPDX-License-Identifier: GPL-3.0-or-later
"""Let a signal that would end us wait while a child is started, for the child must be known to be ended too."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_signals() -> Iterator[None]:
    """Hold them back inside, and send them to ourselves again afterwards.

    They are not blocked, for the child would inherit that.  Signals interrupt the main thread alone, so that on
    another there is nothing to hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: held.append(number)) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in held:
            os.kill(os.getpid(), number)
