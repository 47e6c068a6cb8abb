# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a courier around an SMTP server of the test."""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
from typing import TYPE_CHECKING

from postward.app.courier.hand_over import MtaDoor
from postward.app.courier.own_mail import OwnMailSettings
from postward.app.courier.release import Release
from postward.app.moderation import ModerationDesk
from postward.app.moderation_tokens import ModerationTokens
from postward.checks.pass_mark import PassMark
from postward.mime.stored_message import take_message
from postward.model.transaction import Transaction
from postward.observability.logger import EventLog
from tests.unit.spool.kept import NOW_S

if TYPE_CHECKING:
    from postward.spool.message_store import MessageStore

SECRET = b"s" * 32
OWN_MAIL = OwnMailSettings(mail_from="postmaster@mx.example.net", host="mx.example.net")
CONTENT = (
    b"Authentication-Results: mx.example.net; spf=pass\r\nMessage-ID: <1@example.org>\r\n"
    b"From: Alice <alice@example.org>\r\nSubject: The minutes\r\n\r\nHello,\r\n\r\nhere they are.\r\n"
)


class Moment:
    """A wall clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now_s = NOW_S

    def __call__(self) -> float:
        return self.now_s


class Log:
    """A log, and what was written to it."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        self.log = EventLog(fd=self._writer)
        self._text = ""

    @property
    def text(self) -> str:
        with contextlib.suppress(BlockingIOError):
            self._text += os.read(self._reader, 65_536).decode()
        return self._text

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


def mark(clock) -> PassMark:
    return PassMark(SECRET, clock=clock)


def release(sink, clock) -> Release:
    return Release(MtaDoor(sink.endpoint, OWN_MAIL.host, timeout_s=10), mark(clock))


def tokens(clock) -> ModerationTokens:
    return ModerationTokens(SECRET, clock=clock)


def desk(store: MessageStore, sink, clock) -> ModerationDesk:
    return ModerationDesk(store, release(sink, clock), tokens(clock), OWN_MAIL, clock=clock)


def is_marked(content: bytes, clock) -> bool:
    """Whether the milter will know the message as one that was judged."""
    transaction = Transaction("t", started_s=0.0)
    take_message(transaction, content)
    return mark(clock).vouches_for(transaction.headers)


def without_mark(content: bytes) -> bytes:
    first, _, rest = content.partition(b"\r\n")
    assert first.startswith(b"X-Postward-Pass: ")
    return rest


def parsed(content: bytes):
    """The message, read by a parser that is not ours."""
    return email.message_from_bytes(content, policy=email.policy.default)
