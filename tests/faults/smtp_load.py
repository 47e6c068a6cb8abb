# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from several senders at once, for as long as something goes wrong at the host."""

from __future__ import annotations

import smtplib
import threading
from typing import TYPE_CHECKING, Self

from tests.faults.accounting import Ledger
from tests.mailhost.letters import genuine
from tests.milter.server import wait_until

if TYPE_CHECKING:
    from tests.mailhost.host import MailHost
    from tests.mailhost.smtp import SmtpSession

MESSAGES_PER_SESSION = 3
SENDERS = 4


class SmtpLoad:
    """Sends until it is left; every message has a recipient of its own and a line in the ledger."""

    def __init__(self, host: MailHost, *, senders: int = SENDERS) -> None:
        self.ledger = Ledger()
        self.broken: list[str] = []
        """What went wrong in another way than by an answer of Postfix."""
        self._host = host
        self._letter = genuine(host.world)
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._send_sessions) for _ in range(senders)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()
        assert self.broken == []

    def wait_for_accepted(self, more: int) -> None:
        """Wait until so many more messages were accepted."""
        self._wait_for(lambda: len(self.ledger.accepted), more)

    def wait_for_refused(self, more: int) -> None:
        """Wait until so many more messages were refused."""
        self._wait_for(lambda: len(self.ledger.refused), more)

    def _wait_for(self, count, more: int) -> None:
        target = count() + more
        wait_until(lambda: self.broken or count() >= target, f"{more} more answers: {self.ledger.refusals}")

    def _send_sessions(self) -> None:
        while not self._enough.is_set():
            recipient = self._host.new_recipient()
            self.ledger.begun(recipient)
            try:
                self._send_session(recipient)
            except (smtplib.SMTPException, OSError) as error:
                self.broken.append(repr(error))
                return

    def _send_session(self, recipient: str) -> None:
        """Send up to three messages, the first to ``recipient``; a refused one ends the session."""
        try:
            session = self._host.session(self._letter.client)
        except smtplib.SMTPResponseException as error:
            self._refused(recipient, error)
            return
        with session:
            for number in range(MESSAGES_PER_SESSION):
                if number:
                    recipient = self._host.new_recipient()
                    self.ledger.begun(recipient)
                if not self._send(session, recipient):
                    return

    def _send(self, session: SmtpSession, recipient: str) -> bool:
        try:
            answer = session.send(self._letter.content, mail_from=self._letter.mail_from, rcpt_to=[recipient])
        except smtplib.SMTPResponseException as error:
            self._refused(recipient, error)
            return False
        self.ledger.answered(recipient, answer)
        return True

    def _refused(self, recipient: str, error: smtplib.SMTPResponseException) -> None:
        words = error.smtp_error
        self.ledger.answered(recipient, f"{error.smtp_code} {words if isinstance(words, str) else words.decode()}")
