# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of every message that was sent through Postfix: delivered with our fields, or refused before the sender.

Each message has a recipient of its own, so that each file in the Maildir belongs to one message.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.e2e.delivered import Delivered
from tests.milter.server import wait_until

if TYPE_CHECKING:
    from tests.mailhost.host import MailHost

QUEUED = re.compile(r"250 .* queued as (\w+)")
QUEUE_PARTS = ("maildrop", "incoming", "active", "deferred", "hold", "corrupt")


@dataclass(slots=True)
class Ledger:
    """The sender's side: the last answer to each message, by recipient; safe from every thread."""

    answers: dict[str, str] = field(default_factory=dict)
    """Empty as long as there is none."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begun(self, recipient: str) -> None:
        """A message is on its way."""
        with self._lock:
            assert recipient not in self.answers
            self.answers[recipient] = ""

    def answered(self, recipient: str, answer: str) -> None:
        """The sender has seen this answer."""
        with self._lock:
            assert not self.answers[recipient]
            self.answers[recipient] = answer

    @property
    def accepted(self) -> dict[str, str]:
        """Queue ids by recipient."""
        found = {recipient: QUEUED.match(answer) for recipient, answer in self.answers.copy().items()}
        return {recipient: match[1] for recipient, match in found.items() if match}

    @property
    def refused(self) -> dict[str, str]:
        """Refusals by recipient."""
        return {recipient: answer for recipient, answer in self.answers.copy().items() if answer[:1] in {"4", "5"}}

    @property
    def refusals(self) -> Counter[str]:
        """How often each code was given."""
        return Counter(answer[:3] for answer in self.refused.values())


def settle(host: MailHost, ledger: Ledger, *, survived: bool = True, dmarc: str = "pass") -> None:
    """Insist that no message was lost, doubled or passed unfiltered, and that every refusal was seen.

    ``survived``: no worker was killed, so that all that was accepted is in the log too; what one that is killed had
    answered last is told to nobody.  ``dmarc``: the result that all of them must have.
    """
    accepted, refused = ledger.accepted, ledger.refused
    assert len(ledger.answers) == len(accepted) + len(refused) > 0, "a message without an answer"
    wait_until(lambda: not _waiting(host), "the end of Postfix's queue")
    delivered = host.postfix.mailbox.by_recipient()
    assert accepted.keys() - delivered.keys() == set(), "lost"
    assert refused.keys() & delivered.keys() == set(), "delivered and refused"
    for recipient in accepted:
        (file,) = delivered[recipient]
        assert Delivered(file).results("dmarc") == [dmarc], "unfiltered"
        assert len(Delivered(file).fields("X-Spam-Status")) == 1
    wanted = set(accepted.values())
    if survived:
        wait_until(lambda: wanted <= set(_told(host)), "the log's line of each message")
    assert {queue_id: count for queue_id, count in _told(host).items() if count > 1} == {}


def _told(host: MailHost) -> Counter[str]:
    """How often the log says of each queue id that the message was accepted."""
    verdicts = (line for line in host.postward.log.splitlines() if "event=message.verdict" in line)
    return Counter(line.partition(" qid=")[2].split(" ", 1)[0] for line in verdicts if " action=accept" in line)


def _waiting(host: MailHost) -> list[str]:
    spool = host.postfix.spool
    return [path.name for part in QUEUE_PARTS if (spool / part).is_dir() for path in (spool / part).iterdir()]
