# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker with one place, which is taken: strangers come again, our own users are served, no mail is lost."""

from __future__ import annotations

import smtplib
import threading
from dataclasses import dataclass, replace

import pytest

from tests.mailhost.held_scanner import HeldScanner
from tests.mailhost.host import MailHost
from tests.mailhost.letters import forged_from, genuine
from tests.mailhost.scratch import Scratch

BUSY = "4.7.1 Too busy to take this message now - please try again later"
PATIENCE_S = 60


@dataclass(slots=True)
class Busy:
    """A host, and what keeps the message that it is judging."""

    host: MailHost
    scanner: HeldScanner


@pytest.fixture(scope="module")
def busy():
    with Scratch() as folder:
        scanner = HeldScanner(folder / "clamd.sock")
        settings = {
            "workers": 1,
            "message": {"max_concurrent": 1, "deadline_s": 2 * PATIENCE_S},
            "clamav": {"socket": f"unix:{folder}/clamd.sock", "outbound": False, "timeout_s": PATIENCE_S},
        }
        try:
            with MailHost(settings=settings) as host:
                yield Busy(host=host, scanner=scanner)
        finally:
            scanner.close()


@pytest.fixture
def taken(busy):
    """Whom the message that is being judged is for."""
    recipient = busy.host.new_recipient()
    busy.scanner.hold()
    sending = threading.Thread(target=busy.host.send, args=(genuine(busy.host.world), recipient))
    sending.start()
    assert busy.scanner.has_message.wait(PATIENCE_S)
    yield recipient
    busy.scanner.may_answer.set()
    sending.join(PATIENCE_S)


def refusal(session, letter, recipient):
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        session.send(letter.content, mail_from=letter.mail_from, rcpt_to=[recipient])
    return refused.value.smtp_code, str(refused.value.smtp_error)


def test_a_stranger_comes_again_and_no_mail_is_lost(busy, taken):
    host, letter, recipient = busy.host, forged_from(busy.host.world), busy.host.new_recipient()
    with host.session(letter.client) as session:
        assert refusal(session, letter, recipient) == (451, BUSY)
        session.smtp.rset()
        assert refusal(session, letter, recipient) == (451, BUSY)
        busy.scanner.may_answer.set()
        assert host.postfix.mailbox.wait_for(taken)
        session.smtp.rset()
        session.send(letter.content, mail_from=letter.mail_from, rcpt_to=[recipient])
    assert len(host.postfix.mailbox.wait_for(recipient)) == 1
    (first, *_) = [line for line in host.postfix.log.splitlines() if BUSY in line]
    assert "milter-reject: " in first
    assert f"[{letter.client.address}]: 451 {BUSY}" in first


def test_who_has_logged_in_is_served_meanwhile(busy, taken):
    host, letter = busy.host, genuine(busy.host.world)
    host.deliver(replace(letter, client=replace(letter.client, login="alice")))
    assert host.postfix.mailbox.messages(taken) == []
