# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge the whole corpus in two processes, and say how far it is."""

from __future__ import annotations

import multiprocessing
import sys
import time
from typing import TYPE_CHECKING

from tests.bench.quality.judging import judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.quality.judging import Judged
    from tests.bench.quality.stored_corpus import StoredMessage

_PROCESSES = 2
_CHUNK = 32
_BAR_WIDTH = 40
_TERMINAL_STEP_S = 0.2
_FILE_STEP_S = 15.0


def judge_all(messages: Sequence[StoredMessage]) -> list[Judged]:
    """Judge all messages, in their order."""
    bar = _ProgressBar(len(messages))
    judged: list[Judged] = []
    with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
        for one in pool.imap(judge, messages, _CHUNK):
            judged.append(one)
            bar.show(len(judged))
    return judged


class _ProgressBar:
    """A bar on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._is_terminal = sys.stderr.isatty()
        self._step_s = _TERMINAL_STEP_S if self._is_terminal else _FILE_STEP_S
        self._next_s = time.monotonic() + self._step_s

    def show(self, done: int) -> None:
        now_s = time.monotonic()
        if now_s < self._next_s and done < self._total:
            return
        self._next_s = now_s + self._step_s
        words = f"{done} of {self._total} messages"
        if self._is_terminal:
            bar = "#" * (_BAR_WIDTH * done // self._total)
            sys.stderr.write(f"\r\x1b[K[{bar:<{_BAR_WIDTH}}] {words}{'' if done < self._total else chr(10)}")
        else:
            sys.stderr.write(f"quality: {words}\n")
        sys.stderr.flush()
