# SPDX-License-Identifier: GPL-3.0-or-later
"""No answer from Postward within the time that Postfix grants it: the sender is told to try again."""

from __future__ import annotations

import contextlib
import smtplib
import socket

import pytest

from tests.e2e.delivered import Delivered
from tests.faults.accounting import settle
from tests.faults.changed_service import impatient_postfix, restarted
from tests.faults.smtp_load import SmtpLoad
from tests.mailhost.letters import genuine
from tests.mailhost.loopback import HOST
from tests.mailhost.stopped import go_on, hang

HELD_SESSIONS = 50
DESCRIPTORS = 40


@pytest.fixture(scope="module", autouse=True)
def impatience(host):
    with impatient_postfix(host, connect=2, command=1, content=3):
        yield


@contextlib.contextmanager
def stopped_workers(host):
    """They are there and do nothing, for less time than their leader waits for a sign of them."""
    pids = host.postward.workers()
    for pid in pids:
        hang(pid)
    try:
        yield
    finally:
        for pid in pids:
            go_on(pid)
    assert host.postward.workers() == pids


def test_workers_hang_before_a_session(host):
    """Postfix waits for the first answer of a new session as long as for a connection: milter_connect_timeout."""
    recipient, letter = host.new_recipient(), genuine(host.world)
    with stopped_workers(host), pytest.raises(smtplib.SMTPResponseException) as answer:
        host.send(letter, recipient)
    assert answer.value.smtp_code == 451
    assert Delivered(host.deliver(letter)).results("dmarc") == ["pass"]
    assert host.postfix.mailbox.messages(recipient) == []


def test_workers_hang_within_a_session(host):
    """The answer at MAIL, by which load is shed, Postfix awaits as long as for any command: milter_command_timeout."""
    letter = genuine(host.world)
    with host.session(letter.client) as session, stopped_workers(host):
        assert session.smtp.mail(letter.mail_from)[0] == 451
    assert Delivered(host.deliver(letter)).results("dmarc") == ["pass"]


def test_all_descriptors_are_taken(host):
    """Senders beyond the bound are told to try again, and served as soon as others have gone."""
    with restarted(host, "prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}"):
        pids = host.postward.workers()
        held = [socket.create_connection((HOST, host.postfix.ports.mx)) for _ in range(HELD_SESSIONS)]
        host.postward.log_line("event=worker.full")
        with SmtpLoad(host, senders=2) as load:
            load.wait_for_refused(2)
            for session in held:
                session.close()
            load.wait_for_accepted(10)
        assert host.postward.workers() == pids
    assert set(load.ledger.refusals) == {"451"}
    settle(host, load.ledger)
