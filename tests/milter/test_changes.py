# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan does to fields, body and recipients, and what is answered with it, byte for byte."""

from __future__ import annotations

import pytest

from tests.milter.client import ACTIONS, MAX_CHUNK_BYTES, final, greet
from tests.milter.server import Server

CHANGE_BODY, ADD_WITH_PARAMETERS = 0x02, 0x80
ADD_RECIPIENT, DROP_RECIPIENT = 0x04, 0x08
REPLACE_BODY, CHANGE_FIELD = b"b", b"m"
JUDGED = (b"i", b"\0\0\0\0X-Judged\0 yes\0")
SILENT = (b"2", b"<audit@example.com>\0NOTIFY=NEVER\0")


@pytest.fixture(scope="module")
def server():
    one = Server(wishes=["changes_envelope", "changes_body"], failure_action="tempfail")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def session(server):
    return greet(server.address)


def numbered(number, name, value):
    return CHANGE_FIELD, number.to_bytes(4, "big") + name + b"\0" + value + b"\0"


def test_what_such_plans_need_is_negotiated(session):
    assert session.actions & CHANGE_BODY
    assert session.actions & ADD_WITH_PARAMETERS


def test_fields_are_changed_removed_and_added_and_then_comes_the_body(session):
    answers = session.message((b"X-Old", b" 1"), (b"Subject", b" change x-old 1"), (b"X-Old", b" 2"))
    assert answers == [
        numbered(1, b"Subject", b" [EXT]\n changed"),
        numbered(2, b"X-Old", b""),
        numbered(1, b"X-Old", b""),
        JUDGED,
        (REPLACE_BODY, b"x" * 98 + b"\r\n"),
        SILENT,
        (b"c", b""),
    ]


def test_a_large_body_comes_in_packets_that_every_mta_takes(session):
    answers = session.message((b"Subject", b" change x-old 5000"))
    pieces = [payload for command, payload in answers if command == REPLACE_BODY]
    assert b"".join(pieces) == (b"x" * 98 + b"\r\n") * 5000
    assert max(map(len, pieces)) <= MAX_CHUNK_BYTES


def test_nothing_in_place_of_a_body_is_an_empty_line(session):
    assert (REPLACE_BODY, b"\r\n") in session.message((b"Subject", b" change x-old 0"))


@pytest.mark.parametrize("subject", [b" change x-old 1", b" break-body"])
def test_a_body_that_cannot_be_replaced_does_not_pass_as_it_came_by_any_failure_action(start, subject):
    lenient = start(wishes=["changes_envelope", "changes_body"], failure_action="accept")
    actions = ACTIONS if b"break" in subject else ACTIONS & ~CHANGE_BODY
    (answer,) = greet(lenient.address, actions=actions).message((b"Subject", subject))
    assert answer[1].startswith(b"451 4.7.1 ")
    lenient.wait_for("event=plan.refused")


@pytest.mark.parametrize("missing", [ADD_RECIPIENT, DROP_RECIPIENT])
def test_a_message_whose_recipients_cannot_be_changed_does_not_go_to_those_that_came(start, missing):
    lenient = start(wishes=["changes_envelope", "changes_body"], failure_action="accept")
    (answer,) = greet(lenient.address, actions=ACTIONS & ~missing).message((b"Subject", b" put-back"))
    assert answer[1].startswith(b"451 4.7.1 ")
    lenient.wait_for("event=plan.refused")


def test_an_mta_without_parameters_gets_the_recipient_without_them(server):
    answers = greet(server.address, actions=ACTIONS & ~ADD_WITH_PARAMETERS).message((b"Subject", b" change x-old 1"))
    assert (b"+", b"<audit@example.com>\0") in answers


def test_a_discarded_message_is_taken_and_nothing_is_done_to_it(session, server):
    assert session.message((b"Subject", b" discard")) == [(b"d", b"")]
    assert server.told_of(session)["reply"] == "accept"


def test_a_reply_of_several_lines_has_the_codes_on_each(session, server):
    answers = session.message((b"Subject", rb" reply 550 5.7.1 Not today.\nAsk 100% of us."))
    assert answers == [(b"y", b"550-5.7.1 Not today.\r\n550 5.7.1 Ask 100%% of us.\0")]
    assert server.told_of(session)["reply"] == "550 5.7.1 Not today. Ask 100% of us."


def test_a_reply_of_too_many_lines_is_cut(session):
    text = rb"\n".join([b"x" * 600] * 40)
    (answer,) = session.message((b"Subject", b" reply 451 4.7.1 " + text))
    lines = answer[1].rstrip(b"\0").split(b"\r\n")
    assert len(lines) == 32
    assert {len(line) for line in lines} == {480 + len("451-4.7.1 ")}
    assert final([answer]) == b"y"
