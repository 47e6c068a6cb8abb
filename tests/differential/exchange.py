# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to a peer: another implementation, which runs as a process of its own and asks us for its DNS answers.

One line of JSON a message.  We send a case; the peer sends any number of ``{"ask": [name, type]}``, each answered in
order with ``{"outcome": ..., "records": [...]}``, and then ``{"result": ...}``.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Self

from postward.dns.answer import Mx, RecordType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from postward.dns.answer import Answer, RecordData
    from postward.dns.resolver import Lookup

MAX_QUESTIONS = 500
"""Look-ups of one case; a peer that asks more has run wild."""


class Peer:
    """A context manager around the process."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def evaluate(self, case: dict[str, Any], lookup: Lookup) -> Any:
        """Give the peer's result for ``case``, with ``lookup`` as its DNS."""
        self._send(case)
        for _ in range(MAX_QUESTIONS):
            message = self._receive()
            if "result" in message:
                return message["result"]
            name, record_type = message["ask"]
            self._send(_answer(lookup(name, RecordType(record_type))))
        raise AssertionError("the peer asks and asks")

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the peer has died"
        return json.loads(line)


def _answer(answer: Answer) -> dict[str, Any]:
    return {"outcome": answer.outcome, "records": _plain(answer.records)}


def _plain(records: Sequence[RecordData]) -> list[Any]:
    """Octets beyond ASCII become the characters of Latin-1; the peers turn them back."""
    plain: list[Any] = []
    for record in records:
        match record:
            case bytes():
                plain.append(record.decode("latin-1"))
            case Mx():
                plain.append([record.preference, record.host])
            case _:
                plain.append(str(record))
    return plain
