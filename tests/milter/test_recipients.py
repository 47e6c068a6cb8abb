# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipients that are refused one by one, and envelopes that a plan changes."""

from __future__ import annotations

import pytest

from tests.milter.client import NR_RCPT, Client, final, greet
from tests.milter.server import Server

CHANGE_SENDER, ADD_RECIPIENT, DROP_RECIPIENT = 0x40, 0x04, 0x08
ENVELOPE = CHANGE_SENDER | ADD_RECIPIENT | DROP_RECIPIENT


@pytest.fixture(scope="module")
def server():
    one = Server(
        wishes=["answers_recipients", "changes_envelope"],
        failure_action="tempfail",
        settings={"recipient_deadline_s": 0.5},
    )
    one.start()
    yield one
    one.stop()


def offer(session, path):
    """What is answered to a recipient."""
    session.send(b"R", path + b"\0")
    return b"".join(session.receive())


@pytest.fixture
def session(server):
    return greet(server.address)


def test_the_mta_waits_for_each_answer(session):
    assert session.steps & NR_RCPT == 0
    assert session.actions & ENVELOPE == ENVELOPE


def test_a_recipient_is_refused_and_the_others_get_the_message(session, server):
    session.mail()
    assert offer(session, b"<known@example.net>") == b"c"
    assert offer(session, b"<refuse-550@example.net>") == b"y550 5.1.1 No such recipient here\0"
    assert offer(session, b"<refuse-451@example.net>") == b"y451 4.1.1 No such recipient here\0"
    assert offer(session, b"<remembered@example.net>") == b"c"
    session.header(b"From", b" a@example.com")
    session.body(b"Hello")
    assert final(session.end()) == b"c"
    assert server.told_of(session)["recipients"] == ["known@example.net", "remembered@example.net"]
    told = server.wait_for_told(refused="refuse-550@example.net")[-1]
    assert (told["code"], told["thread"]) == (550, "evaluation")


@pytest.mark.parametrize("recipient", [b"<raise-x@example.net>", b"<sleep-3@example.net>"])
def test_nobody_is_told_that_a_recipient_does_not_exist_because_of_our_failure(session, server, recipient):
    session.mail()
    assert offer(session, recipient).startswith(b"y451 4.7.1 ")
    server.wait_for("event=recipient.not_judged")
    assert session.rcpt(b"<known@example.net>") == b"c"


def test_by_another_failure_action_the_recipient_is_taken(start):
    session = greet(start(wishes=["answers_recipients"]).address)
    session.mail()
    assert session.rcpt(b"<raise-x@example.net>") == b"c"


def test_a_plan_changes_the_envelope_and_adds_a_field_below_all_others(session):
    session.mail()
    session.rcpt(b"<first@example.net>")
    session.header(b"Subject", b" envelope new@example.com")
    session.body(b"Hello")
    assert session.end()[:-1] == [
        (b"h", b"X-Judged\0 yes\0"),
        (b"e", b"<new@example.com>\0"),
        (b"-", b"<first@example.net>\0"),
        (b"+", b"<archive@example.com>\0"),
    ]


@pytest.mark.parametrize("sender", [b"a b@example.com", b"a>@example.com", b"<a@example.com"])
def test_an_envelope_that_cannot_be_is_refused_before_anything_is_done(session, sender):
    session.mail()
    session.rcpt()
    session.header(b"Subject", b" envelope " + sender)
    session.body(b"Hello")
    (answer,) = session.end()
    assert answer[0] in b"ty"


def test_without_these_wishes_nothing_of_it_is_negotiated(start):
    client = Client(start().address)
    assert client.steps & NR_RCPT
    assert client.actions & ENVELOPE == 0


def test_a_message_whose_recipients_an_mta_does_not_let_us_change_does_not_pass(server):
    client = Client(server.address, actions=0x1FF & ~ENVELOPE)
    client.connect()
    client.helo()
    client.mail()
    client.rcpt()
    client.header(b"Subject", b" envelope new@example.com")
    client.body(b"Hello")
    assert client.end()[-1] == (b"y", b"451 4.7.1 Service unavailable - try again later\0")
