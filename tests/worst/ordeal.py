# SPDX-License-Identifier: GPL-3.0-or-later
"""One worker of ``postward run`` under watch: how long a message took, and what it cost in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.milter.client import MAX_CHUNK_BYTES, Client, final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.mailhost.letters import Letter
    from tests.milter.filter import Filter

DEADLINE_S = 30.0
"""What a message is given by default; each of these is to end long before it on any machine."""
MAX_GROWTH_BYTES = 96 * 1024 * 1024
"""More than any of them needs: the message itself, twice over, and what Python makes of it."""
LETTERS_HOST = b"192.0.2.10"
Field = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a message."""

    answers: list[tuple[bytes, bytes]]
    line: str
    """Of the log."""
    took_s: float
    """From the end of the message to its answer."""
    grown_bytes: int
    """Memory that the worker had at its fullest, beyond what it had before."""

    @property
    def results(self) -> str:
        """Our Authentication-Results field, unfolded."""
        (value,) = self.inserted(b"Authentication-Results")
        return " ".join(value.decode().split())

    def inserted(self, name: bytes) -> list[bytes]:
        """Values of the fields of that name that were put in."""
        head = b"\0\0\0\0" + name + b"\0"
        return [
            payload[len(head) : -1] for letter, payload in self.answers if letter == b"i" and payload.startswith(head)
        ]

    def removed(self, name: bytes) -> list[int]:
        """Which fields of that name were taken out, counted from one."""
        tail = name + b"\0\0"
        return [int.from_bytes(p[:4], "big") for letter, p in self.answers if letter == b"m" and p[4:] == tail]

    def check(self, *, bytes_allowed: int = MAX_GROWTH_BYTES) -> Outcome:
        """It was accepted in good time, within bounds of memory, and told in one line of bounded length."""
        assert final(self.answers) == b"c", self.answers[-1]
        assert self.took_s < DEADLINE_S / 2
        assert self.grown_bytes < bytes_allowed
        assert len(self.line.encode()) <= 4096
        return self


def deliver(
    milter: Filter,
    fields: Iterable[Field],
    body: bytes = b"Hello\r\n",
    *,
    client: bytes = LETTERS_HOST,
    helo: bytes = b"mail.bank.example",
    mail_from: bytes = b"<service@bank.example>",
    recipients: int = 1,
) -> Outcome:
    """Send one message in a session of its own, and see what it cost."""
    (pid,) = milter.worker_pids()
    before = _memory(pid)
    session = Client(milter.address)
    session.connect(b"mail.bank.example", client)
    session.helo(helo)
    session.mail(mail_from)
    for number in range(recipients):
        session.rcpt(b"<user%d@example.net>" % number)
    for name, value in fields:
        session.header(name, value)
    session.end_of_header()
    for position in range(0, len(body), MAX_CHUNK_BYTES):
        session.body(body[position : position + MAX_CHUNK_BYTES])
    started_s = time.monotonic()
    answers = session.end()
    took_s = time.monotonic() - started_s
    line = milter.wait_for(f" qid={bytes.fromhex(session.queue_ids[-1]).decode()} ")[0]
    session.quit()
    assert milter.worker_pids() == [pid], "the worker has died"
    return Outcome(answers=answers, line=line, took_s=took_s, grown_bytes=_memory(pid) - before)


def _memory(pid: int) -> int:
    """The most that the process has ever had in memory, and from here on anew where the system allows that."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def split(content: bytes) -> tuple[list[Field], bytes]:
    """Fields and body as an MTA hands them over: folds as LF."""
    head, _, body = content.partition(b"\r\n\r\n")
    lines = head.replace(b"\r\n ", b"\n ").replace(b"\r\n\t", b"\n\t").split(b"\r\n")
    return [(name, value) for name, _, value in (line.partition(b":") for line in lines)], body


def deliver_letter(milter: Filter, letter: Letter) -> Outcome:
    """Send a letter from its own client."""
    assert letter.client is not None
    fields, body = split(letter.content)
    return deliver(
        milter,
        fields,
        body,
        client=letter.client.address.encode(),
        helo=letter.client.helo.encode(),
        mail_from=b"<" + letter.mail_from.encode() + b">",
    )
