# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers kept until their time to live is over (RFC 2308 for the negative ones), within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.dns.answer import Answer, Mx, RecordData, RecordType

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.settings import DnsSettings

Question = tuple[str, RecordType]
"""A name as ``to_ascii`` gives it, and the type asked for."""

_ENTRY_BYTES = 400
_RECORD_BYTES = 80


@dataclass(slots=True)
class _Entry:
    answer: Answer
    expires_s: float
    size_bytes: int


class AnswerCache:
    """The least recently used answers go first where there are too many, or too large ones; safe from every thread."""

    def __init__(self, settings: DnsSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._entries: OrderedDict[Question, _Entry] = OrderedDict()
        self._lock = threading.Lock()
        self.size_bytes = 0
        """What the entries take, estimated from above."""
        self.hits = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, question: Question) -> Answer | None:
        """Return what is known, or None."""
        with self._lock:
            entry = self._entries.get(question)
            if entry is None:
                return None
            if entry.expires_s <= self._clock():
                self._remove(question)
                return None
            self._entries.move_to_end(question)
            self.hits += 1
            return entry.answer

    def put(self, question: Question, answer: Answer) -> None:
        """Remember ``answer`` for its ``ttl_s`` within the limits of the settings."""
        entry = _Entry(answer, self._clock() + self._lifetime_s(answer), _size_bytes(question, answer))
        with self._lock:
            self._remove(question)
            if entry.size_bytes > self._settings.cache_max_bytes:
                return
            self._entries[question] = entry
            self.size_bytes += entry.size_bytes
            self._shrink()

    def _lifetime_s(self, answer: Answer) -> float:
        if answer.failed:
            return self._settings.failure_ttl_s
        return min(max(answer.ttl_s, self._settings.min_ttl_s), self._settings.max_ttl_s)

    def _remove(self, question: Question) -> None:
        entry = self._entries.pop(question, None)
        if entry is not None:
            self.size_bytes -= entry.size_bytes

    def _shrink(self) -> None:
        while len(self._entries) > self._settings.cache_entries or self.size_bytes > self._settings.cache_max_bytes:
            _, entry = self._entries.popitem(last=False)
            self.size_bytes -= entry.size_bytes


def _size_bytes(question: Question, answer: Answer) -> int:
    """Estimate the memory of an entry; what Python needs beside the text itself is rounded up."""
    return _ENTRY_BYTES + len(question[0]) + sum(_RECORD_BYTES + _text_bytes(record) for record in answer.records)


def _text_bytes(record: RecordData) -> int:
    if isinstance(record, Mx):
        return _RECORD_BYTES + len(record.host)
    return len(record) if isinstance(record, str | bytes) else 0
