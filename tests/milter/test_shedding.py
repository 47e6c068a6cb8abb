# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that is too busy says so at MAIL, at RCPT or at the end, and the session goes on."""

from __future__ import annotations

import pytest

from tests.milter.client import NR_MAIL, NR_RCPT, Client, final, greet
from tests.milter.server import Server

BUSY = (b"y", b"451 4.7.1 Too busy\0")
QUIT_FOR_ANOTHER_CLIENT = b"K"


@pytest.fixture(scope="module")
def server():
    one = Server(wishes=["sheds"], workers=1)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def session(server):
    return greet(server.address)


def meet(session, address):
    """Announce a client as Postfix does."""
    session.macros(b"C", (b"{client_addr}", address))
    session.connect(b"mail.example.com", address)
    session.macros(b"H", (b"{client_addr}", address))
    session.helo()


def offer_sender(session, path):
    session.send(b"M", path + b"\0")
    return session.receive()


def offer_recipient(session, path):
    session.send(b"R", path + b"\0")
    return session.receive()


def test_the_mta_waits_for_the_answers(session):
    assert session.steps & (NR_MAIL | NR_RCPT) == 0


def test_without_it_the_mta_need_not_wait(start):
    assert Client(start(workers=1).address).steps & NR_MAIL


@pytest.mark.parametrize("is_given_up", [False, True])
def test_after_a_sender_was_put_off_another_is_taken(session, server, is_given_up):
    assert offer_sender(session, b"<busy-mail@example.com>") == BUSY
    if is_given_up:
        session.abort()
    assert final(session.message()) == b"c"
    told = server.told_of(session)
    assert (bytes.fromhex(told["sender"]), bytes.fromhex(told["helo"])) == (b"a@example.com", b"mail.example.com")


def test_one_recipient_is_put_off_and_those_behind_the_first_that_is_taken_are_not(session, server):
    session.mail()
    assert offer_recipient(session, b"<busy@example.net>") == BUSY
    assert session.rcpt(b"<one@example.net>") == b"c"
    assert session.rcpt(b"<busy@example.net>") == b"c"
    session.header(b"From", b" a@example.com")
    session.body(b"Hello")
    assert final(session.end()) == b"c"
    assert server.told_of(session)["recipients"] == ["one@example.net", "busy@example.net"]


def test_a_whole_message_is_put_off_and_told_of(session, server):
    session.mail(b"<busy-end@example.com>")
    session.rcpt()
    session.header(b"From", b" a@example.com")
    session.body(b"Hello")
    assert session.end() == [BUSY]
    told = server.told_of(session)
    assert (told["outcome"], told["reply"]) == ("shed", "451 4.7.1 Too busy")
    assert final(session.message()) == b"c"


@pytest.mark.parametrize("is_given_up", [False, True])
def test_the_next_client_of_a_connection_is_answered_as_well(server, is_given_up):
    """After QUIT_NC nothing is negotiated: the MTA goes on to wait for answers, and gets them."""
    session = Client(server.address)
    meet(session, b"192.0.2.1")
    assert offer_sender(session, b"<busy-mail@example.com>") == BUSY
    if is_given_up:
        session.abort()
    session.send(QUIT_FOR_ANOTHER_CLIENT)
    meet(session, b"192.0.2.7")
    assert offer_sender(session, b"<busy-mail@example.com>") == BUSY
    assert final(session.message()) == b"c"
    assert server.told_of(session)["client"] == "192.0.2.7"
