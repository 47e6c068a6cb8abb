# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialogue of one session, without libmilter: which messages come of it, and what is answered."""

from __future__ import annotations

import socket

import pytest

import milter
from postward.actions.route_field import route_field
from postward.model.action import AddHeader, Plan, Reply
from postward.model.load import SheddingStage
from postward.mta.engine import Outcome
from postward.mta.session import Session

CLIENT, OTHER_CLIENT = "192.0.2.1", "192.0.2.2"
ALL_ACTIONS, ALL_STEPS = 0x1FF, 0x1FFFFF
BUSY = Reply(code=451, enhanced="4.7.1", text="too busy")


class Context:
    """Stands for pymilter's: has the macros, and keeps the changes."""

    def __init__(self):
        self.macros = {"i": "4QID", "{client_addr}": CLIENT, "{auth_authen}": "", "{auth_type}": ""}
        self.added = []
        self.reply = None
        self.mta_is_gone = False

    def getsymval(self, name):
        return self.macros.get(name)

    def setsymlist(self, stage, names):
        pass

    def addheader(self, name, value, index):
        if self.mta_is_gone:
            raise milter.error("cannot add header")
        self.added.append((name, value, index))

    def setreply(self, *reply):
        self.reply = reply


@pytest.fixture
def ctx():
    return Context()


@pytest.fixture
def service(make_service):
    return make_service()


@pytest.fixture
def session(service, ctx):
    opened = Session(service)
    opened.negotiate(ctx, [ALL_ACTIONS, ALL_STEPS, 0, 0])
    opened.connect(ctx, "mx.example.com", socket.AF_INET, (CLIENT, 4025))
    opened.helo(ctx, "mx.example.com")
    yield opened
    opened.close()


def send(session, ctx, sender=b"<a@example.com>"):
    session.mail(ctx, sender)
    session.rcpt(ctx, b"<b@example.net>")
    session.header(ctx, "From", b" a@example.com")
    session.body(ctx, b"text\r\n")
    return session.end(ctx)


def finished(service, engine):
    service.afterwards.close(10)
    return engine.finished_messages


def test_a_message_is_judged_and_the_plan_carried_out(session, ctx, service, engine):
    assert send(session, ctx) == milter.CONTINUE
    assert ctx.added == [("X-Judged", " yes", 0)]
    assert engine.evaluated[0].queue_id == "4QID"
    assert finished(service, engine) == [("m1", Outcome.EVALUATED, "accept")]


def test_the_engine_is_told_while_the_message_comes_in(session, ctx, engine):
    send(session, ctx)
    assert engine.hooks == [
        ("connected", CLIENT),
        ("helo", "mx.example.com"),
        ("sender", "a@example.com"),
        ("field", b"From"),
    ]


def test_the_next_message_knows_client_and_greeting_and_nothing_of_the_last(session, ctx, engine):
    send(session, ctx)
    session.failed(ValueError("between two messages"))
    session.abort(ctx)
    send(session, ctx, b"<c@example.com>")
    second = engine.evaluated[1]
    assert (str(second.connection.address), second.helo) == (CLIENT, "mx.example.com")
    assert (second.sender.address.text, len(second.recipients), len(second.fields)) == ("c@example.com", 1, 1)


def test_a_message_with_a_problem_gets_the_failure_action(session, ctx, service, engine):
    session.mail(ctx, b"<a@example.com>")
    session.rcpt(ctx, b"<b@example.net>")
    session.failed(ValueError("broken"))
    assert session.end(ctx) == milter.CONTINUE
    assert (engine.evaluated, engine.fallbacks) == ([], ["ValueError: broken"])
    assert finished(service, engine) == [("m1", Outcome.FAILED, "accept")]


def test_who_gives_up_after_a_recipient_is_told_of_and_before_it_is_not(session, ctx, service, engine):
    session.mail(ctx, b"<a@example.com>")
    session.abort(ctx)
    session.mail(ctx, b"<a@example.com>")
    session.rcpt(ctx, b"<b@example.net>")
    session.close()
    assert finished(service, engine) == [("m2", Outcome.ABORTED, "")]
    assert service.census.sessions == 0


def test_an_mta_that_goes_in_the_middle_of_the_answer_will_ask_again(session, ctx, service, engine, log_file):
    ctx.mta_is_gone = True
    assert send(session, ctx) == milter.TEMPFAIL
    assert finished(service, engine) == [("m1", Outcome.ABORTED, "")]
    assert "event=answer.lost id=m1" in log_file.read_text()


BROKEN = AddHeader(name="X-Broken", value=b"a\r\nb")


def test_in_place_of_a_plan_that_cannot_be_carried_out_comes_what_is_done_without_a_judgement(session, ctx, engine):
    engine.plan = Plan(additions=(BROKEN,))
    assert send(session, ctx) == milter.CONTINUE
    assert ctx.added == [("X-Fallback", " yes", 0)]


def test_where_that_cannot_be_carried_out_either_nothing_is_changed(session, ctx, engine):
    engine.plan = Plan(additions=(BROKEN,))
    engine.fallback = lambda _transaction, _reason: engine.plan
    assert send(session, ctx) == milter.CONTINUE
    assert ctx.added == []


@pytest.mark.parametrize(
    ("additions", "actions", "code"),
    [
        ((BROKEN, route_field("t")), ALL_ACTIONS, milter.TEMPFAIL),
        ((route_field("t"),), ALL_ACTIONS & ~milter.ADDHDRS, milter.TEMPFAIL),
    ],
)
def test_nothing_routed_goes_the_usual_way(session, ctx, engine, additions, actions, code):  # noqa: PLR0917
    engine.plan = Plan(additions=additions)
    session.negotiate(ctx, [actions, ALL_STEPS, 0, 0])
    assert send(session, ctx) == code
    assert ctx.added == []


def test_a_client_that_was_not_announced_is_a_new_one_without_a_login(session, ctx, engine):
    ctx.macros |= {"{auth_authen}": "alice", "{auth_type}": "PLAIN"}
    send(session, ctx)
    ctx.macros["{client_addr}"] = OTHER_CLIENT
    send(session, ctx)
    first, second = engine.evaluated
    assert first.authentication.user == "alice"
    assert (str(second.connection.address), second.helo, second.authentication.user) == (OTHER_CLIENT, "", "")


def test_octets_that_pymilter_cannot_decode_are_the_greeting_or_the_name_of_a_field(session, ctx, engine):
    session.undecodable(b"caf\xe9")
    session.mail(ctx, b"<a@example.com>")
    session.rcpt(ctx, b"<b@example.net>")
    session.undecodable(b"X-\xe9")
    session.end(ctx)
    judged = engine.evaluated[0]
    assert (judged.helo, [field.name for field in judged.fields]) == ("caf\udce9", [b"X-\xe9"])


def test_a_client_whose_name_cannot_be_read_costs_its_message_the_judgement(service, ctx, engine):
    opened = Session(service)
    opened.undecodable(b"caf\xe9")
    ctx.macros["{client_addr}"] = ""
    opened.helo(ctx, "mx.example.com")
    opened.mail(ctx, b"<a@example.com>")
    opened.rcpt(ctx, b"<b@example.net>")
    opened.end(ctx)
    assert engine.fallbacks == ["the client's name cannot be read"]


def test_the_emergency_answer_is_the_bare_failure_action(session, ctx, service, engine):
    session.mail(ctx, b"<a@example.com>")
    session.rcpt(ctx, b"<b@example.net>")
    assert session.emergency(ctx) == milter.CONTINUE
    assert ctx.added == []
    assert finished(service, engine) == [("m1", Outcome.FAILED, "accept")]


class Busy:
    """Too busy at one stage, for what is not ours."""

    def __init__(self, stage):
        self.stage = stage

    def is_ours(self, transaction):
        return bool(transaction.authentication.user)

    def client_known(self, transaction, load):
        pass

    def refusal(self, stage, transaction, _recipients, _load):
        return BUSY if stage is self.stage and not self.is_ours(transaction) else None

    def tell(self, load):
        pass


@pytest.fixture
def busy_session(make_service, engine, ctx):
    """Open a session with a worker that is too busy at this stage."""

    def make(stage):
        engine.shedding = Busy(stage)
        service = make_service()
        opened = Session(service)
        opened.negotiate(ctx, [ALL_ACTIONS, ALL_STEPS, 0, 0])
        opened.connect(ctx, "mx.example.com", socket.AF_INET, (CLIENT, 4025))
        opened.helo(ctx, "mx.example.com")
        return opened, service

    return make


def test_a_sender_who_is_put_off_leaves_nothing_behind(busy_session, ctx, engine):
    session, service = busy_session(SheddingStage.MAIL)
    assert not session.negotiated.steps & (milter.P_NR_MAIL | milter.P_NR_RCPT)
    assert session.mail(ctx, b"<a@example.com>") == milter.TEMPFAIL
    assert ctx.reply == ("451", "4.7.1", "too busy")
    ctx.macros["{auth_authen}"] = "alice"
    send(session, ctx, b"<c@example.com>")
    (judged,) = engine.evaluated
    assert (judged.sender.address.text, judged.helo, str(judged.connection.address)) == (
        "c@example.com",
        "mx.example.com",
        CLIENT,
    )
    assert [outcome for _id, outcome, _reply in finished(service, engine)] == [Outcome.EVALUATED]


def test_a_recipient_who_is_put_off_is_not_kept(busy_session, ctx, engine):
    session, _service = busy_session(SheddingStage.RCPT)
    assert session.mail(ctx, b"<a@example.com>") is None
    assert session.rcpt(ctx, b"<b@example.net>") == milter.TEMPFAIL
    session.abort(ctx)
    assert engine.refused == []


def test_a_message_that_is_put_off_is_not_looked_at_and_told_of(busy_session, ctx, engine):
    session, service = busy_session(SheddingStage.END)
    assert send(session, ctx) == milter.TEMPFAIL
    assert (engine.evaluated, engine.fallbacks) == ([], [])
    ((_id, outcome, reply),) = finished(service, engine)
    assert (outcome, reply) == (Outcome.SHED, "451 4.7.1 too busy")


def test_a_message_that_cannot_be_judged_gets_the_failure_action_however_busy_it_is(busy_session, ctx, engine):
    session, _service = busy_session(SheddingStage.END)
    session.mail(ctx, b"<a@example.com>")
    session.rcpt(ctx, b"<b@example.net>")
    session.failed(ValueError("broken"))
    assert session.end(ctx) == milter.CONTINUE
    assert engine.fallbacks == ["ValueError: broken"]
