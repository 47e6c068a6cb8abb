# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounting itself: each way in which a message can go wrong is found."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.faults.accounting import Ledger, settle
from tests.mailhost.maildir import Maildir

FILTERED = (
    "Delivered-To: {recipient}\n"
    "Authentication-Results: mx.example.net; dmarc=pass header.from=bank.example\n"
    "X-Spam-Status: No\n\nHello\n"
)
UNFILTERED = "Delivered-To: {recipient}\nSubject: hello\n\nHello\n"
QUEUED = "250 2.0.0 Ok: queued as {queue_id}"
REFUSED = "451 4.7.1 Service unavailable - try again later"


class Books:
    """What a sender has seen, a Maildir and a log, written as a test wants them."""

    def __init__(self, root):
        self.ledger = Ledger()
        self.mailbox = Maildir(root / "all")
        for folder in self.mailbox.folders:
            folder.mkdir()
        self._files = 0
        self.host = SimpleNamespace(
            postfix=SimpleNamespace(spool=root, mailbox=self.mailbox), postward=SimpleNamespace(log="")
        )

    def send(self, recipient, answer):
        self.ledger.begun(recipient)
        if answer:
            self.ledger.answered(recipient, answer)

    def deliver(self, recipient, content=FILTERED):
        self._files += 1
        (self.mailbox.path / "new" / f"{self._files}").write_text(content.format(recipient=recipient))

    def tell(self, queue_id):
        self.host.postward.log += f"ts=now event=message.verdict id=1 qid={queue_id} from=a action=accept\n"

    def good(self, recipient, queue_id):
        self.send(recipient, QUEUED.format(queue_id=queue_id))
        self.deliver(recipient)
        self.tell(queue_id)

    def settle(self):
        settle(self.host, self.ledger)


@pytest.fixture
def books(tmp_path):
    one = Books(tmp_path)
    one.good("a@example.net", "A1")
    one.send("b@example.net", REFUSED)
    return one


def test_all_is_well(books):
    books.settle()
    assert books.ledger.refusals == {"451": 1}


def test_without_an_answer(books):
    books.send("c@example.net", "")
    with pytest.raises(AssertionError, match="without an answer"):
        books.settle()


def test_lost(books):
    books.send("c@example.net", QUEUED.format(queue_id="C1"))
    with pytest.raises(AssertionError, match="lost"):
        books.settle()


def test_delivered_twice(books):
    books.deliver("a@example.net")
    with pytest.raises(ValueError, match="too many values"):
        books.settle()


def test_unfiltered(books):
    books.send("c@example.net", QUEUED.format(queue_id="C1"))
    books.deliver("c@example.net", UNFILTERED)
    books.tell("C1")
    with pytest.raises(ValueError, match="not enough values"):
        books.settle()


def test_delivered_and_refused(books):
    books.deliver("b@example.net")
    with pytest.raises(AssertionError, match="delivered and refused"):
        books.settle()


def test_counted_twice(books):
    books.tell("A1")
    with pytest.raises(AssertionError):
        books.settle()


def test_nothing_was_sent(tmp_path):
    with pytest.raises(AssertionError):
        Books(tmp_path).settle()
