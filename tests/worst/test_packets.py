# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the milter protocol itself: such a session ends, and all others go on."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from tests.milter.client import Client, final, greet
from tests.worst.ordeal import deliver

AUTHOR = (b"From", b" service@bank.example")
SILENT = 300


def test_a_field_longer_than_any_packet_may_be(milter):
    session = greet(milter.address)
    session.mail()
    session.rcpt()
    with pytest.raises((EOFError, OSError)):
        _say_too_much(session)
    assert "dkim=none" in deliver(milter, [AUTHOR]).check().results


def _say_too_much(session: Client) -> None:
    session.header(b"X-Long", b"x" * 3_000_000)
    session.end()


def test_a_message_from_nobody_is_deferred_and_told(milter):
    """An MTA that announces no client leaves nothing to judge by."""
    session = Client(milter.address)
    session.helo()
    session.mail()
    session.rcpt()
    session.header(*AUTHOR)
    session.end_of_header()
    assert final(session.end()) == b"y"
    (line,) = milter.wait_for(f" qid={bytes.fromhex(session.queue_ids[-1]).decode()} ")
    assert "action=error" in line
    assert "client=" not in line
    session.quit()


def test_sessions_that_say_nothing(milter):
    """They keep nobody else from being served."""
    with ExitStack() as silent:
        for _ in range(SILENT):
            connection = silent.enter_context(socket.socket(socket.AF_UNIX))
            connection.connect(milter.address.removeprefix("unix:"))
        outcomes = [deliver(milter, [AUTHOR]).check() for _ in range(20)]
    assert all("dkim=none" in outcome.results for outcome in outcomes)


def test_a_thousand_messages_given_up_and_a_session_that_goes_on(milter):
    session = greet(milter.address)
    for number in range(1_000):
        session.mail(b"<%d@bank.example>" % number)
        session.rcpt()
        session.header(b"Authentication-Results", b" mx.example.net; dmarc=pass")
        session.body(b"x" * 10_000)
        session.abort()
    assert final(session.message(AUTHOR)) == b"c"
    assert [command for command, _ in session.received].count(b"m") == 0
    session.quit()
