# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS fixture, with waiting for a question."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import dns.message

from tests.dns_fixture import DnsFixture

if TYPE_CHECKING:
    from collections.abc import Sequence


class NameServer(DnsFixture):
    """Answers from a zone mapping, and remembers who was asked for."""

    def __init__(self, mapping: object) -> None:
        super().__init__(mapping, tamper=self._note)
        self._asked: set[str] = set()
        self._changed = threading.Condition()

    def forget(self) -> None:
        """Wait for new questions from now on."""
        with self._changed:
            self._asked.clear()

    def wait_for_question(self, name: str, *, timeout_s: float = 30.0) -> None:
        """Return once ``name`` has been asked for; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: name in self._asked, timeout_s):
                raise TimeoutError(f"{name} was not asked for")

    def _note(self, query: bytes, answer: bytes | None, _tcp: bool) -> Sequence[bytes]:
        name = dns.message.from_wire(query).question[0].name.to_text(omit_final_dot=True).lower()
        with self._changed:
            self._asked.add(name)
            self._changed.notify_all()
        return [] if answer is None else [answer]
