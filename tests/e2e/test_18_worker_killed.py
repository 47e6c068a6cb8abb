# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the workers in the middle of a message: a 4xx or a success, never a loss, and the service goes on."""

from __future__ import annotations

import os
import signal
import smtplib
import threading

import pytest

from tests.e2e.delivered import Delivered
from tests.faults.accounting import Ledger, settle
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose, genuine


@pytest.fixture
def slow_host():
    """Its messages of slow.example wait for DNS at their end for a few seconds."""
    with MailHost(settings={"dns": {"timeout_s": 3, "tries": 1}}) as running:
        yield running


def _kill_workers(host):
    for pid in host.postward.workers():
        os.kill(pid, signal.SIGKILL)


def _slow_letter(host):
    content = compose(subject="slow", author="Slow <somebody@slow.example>")
    return Letter(content=content, mail_from="somebody@slow.example", client=host.world.stranger)


def _send(host, recipient, ledger):
    ledger.begun(recipient)
    try:
        ledger.answered(recipient, host.send(_slow_letter(host), recipient))
    except smtplib.SMTPResponseException as error:
        ledger.answered(recipient, f"{error.smtp_code} {error.smtp_error}")


def test_workers_killed_while_they_judge(slow_host):
    ledger = Ledger()
    recipients = [slow_host.new_recipient() for _ in range(6)]
    threads = [threading.Thread(target=_send, args=(slow_host, each, ledger)) for each in recipients]
    slow_host.name_server.forget()
    for thread in threads:
        thread.start()
    slow_host.name_server.wait_for_question("slow.example")
    _kill_workers(slow_host)
    for thread in threads:
        thread.join(60)
    assert set(ledger.answers) == set(recipients)
    settle(slow_host, ledger, survived=False, dmarc="temperror")


def test_workers_killed_between_the_commands_of_a_session(slow_host):
    recipient, letter = slow_host.new_recipient(), genuine(slow_host.world)
    with slow_host.session(letter.client) as session:
        session.smtp.mail(letter.mail_from)
        session.smtp.rcpt(recipient)
        _kill_workers(slow_host)
        code, _ = session.smtp.data(letter.content)
    assert 400 <= code < 500
    assert slow_host.postfix.mailbox.messages(recipient) == []


def test_service_goes_on_with_new_workers(slow_host):
    before = set(slow_host.postward.workers())
    _kill_workers(slow_host)
    slow_host.postward.wait_for_workers(other_than=before)
    delivered = Delivered(slow_host.deliver(genuine(slow_host.world)))
    assert delivered.results("dmarc") == ["pass"]
