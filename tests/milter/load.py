# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages one after another in several threads, for as long as something else is being tried."""

from __future__ import annotations

import threading

from tests.milter.client import greet
from tests.milter.server import wait_until


class Load:
    """Sessions of one message each, until it is told to end; remembers what went wrong.

    A message is well answered where it was accepted and at least one field was put into it.
    """

    def __init__(self, address: str, sessions: int) -> None:
        self.address = address
        self.answers = 0
        self.errors: list[str] = []
        self._enough = threading.Event()
        self._counting = threading.Lock()
        self._threads = [threading.Thread(target=self._run) for _ in range(sessions)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._enough.is_set():
            try:
                client = greet(self.address)
                answers = client.message()
                client.quit()
            except (OSError, EOFError) as error:
                self.errors.append(repr(error))
                return
            letters = [letter for letter, _ in answers]
            if letters[-1] == b"c" and b"i" in letters:
                with self._counting:
                    self.answers += 1
            else:
                self.errors.append(repr(answers))

    def wait_for_answers(self, more: int) -> None:
        target = self.answers + more
        wait_until(lambda: self.answers >= target or self.errors, f"{more} more answers")
