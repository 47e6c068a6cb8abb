# SPDX-License-Identifier: GPL-3.0-or-later
"""A held message is decided once, and what was decided is done, now or later."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from postward.app.moderation import AlreadyDecidedError, End
from postward.errors import PostwardError, UsageError
from postward.spool.errors import InUseError, NoSuchMessageError, SpoolError
from postward.spool.kept_message import Decision
from postward.spool.message_store import MessageStore
from tests.smtp_sink import SmtpSink
from tests.unit.app.courier.parts import CONTENT, Moment, desk, is_marked, parsed, tokens, without_mark
from tests.unit.spool.kept import NOW_S, held, kept

BOB, CAROL, OWN = "bob@example.com", "carol@example.com", "alice@example.org"


@pytest.fixture
def clock():
    return Moment()


@pytest.fixture
def store(tmp_path):
    return MessageStore(tmp_path / "moderation")


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


@pytest.fixture
def board(store, sink, clock):
    return desk(store, sink, clock)


def with_expiry(decision):
    message = held()
    assert message.moderation is not None
    return replace(message, moderation=replace(message.moderation, on_expire=decision))


def test_approved_it_goes_on_as_it_was_and_is_not_judged_again(board, store, sink, clock):
    message = store.put(held(), CONTENT)
    outcome = board.decide(message.id, "approve", by="boss")
    (received,) = sink.received
    assert (outcome.end, received.recipients, received.sender) == (End.DELIVERED, (BOB,), f"<{OWN}>")
    assert without_mark(received.content) == CONTENT
    assert is_marked(received.content, clock)
    assert store.listing().messages == ()


def test_a_token_serves_once(board, store, sink, clock):
    message = store.put(held(), CONTENT)
    token = tokens(clock).make(message.id, "approve", NOW_S + 60)
    assert board.decide_by_token(token, "approve").end is End.DELIVERED
    with pytest.raises(NoSuchMessageError):
        board.decide_by_token(token, "approve")
    assert len(sink.received) == 1


def test_a_token_serves_once_also_while_the_mta_is_down(board, store, sink, clock):
    sink.answers["."] = "451 later"
    message = store.put(held(), CONTENT)
    approve, reject = (tokens(clock).make(message.id, word, NOW_S + 60) for word in ("approve", "reject"))
    assert board.decide_by_token(approve, "approve").end is End.WAITING
    for token, word in ((approve, "approve"), (reject, "reject")):
        with pytest.raises(AlreadyDecidedError, match="deliver, by token"):
            board.decide_by_token(token, word)
    del sink.answers["."]
    assert board.carry_out(message.id).end is End.DELIVERED
    assert len(sink.received) == 1


def test_of_many_who_use_a_token_at_once_one_does(board, store, sink, clock):
    message = store.put(held(), CONTENT)
    token = tokens(clock).make(message.id, "approve", NOW_S + 60)
    barrier, ends = threading.Barrier(8), []

    def use():
        barrier.wait()
        try:
            ends.append(board.decide_by_token(token, "approve").end)
        except (InUseError, NoSuchMessageError, AlreadyDecidedError) as error:
            ends.append(type(error))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends.count(End.DELIVERED) + ends.count(End.WAITING) == 1
    assert len(sink.received) <= 1
    if End.WAITING in ends:
        board.carry_out(message.id)
    assert len(sink.received) == 1


def test_a_bad_token_changes_nothing(board, store):
    message = store.put(held(), CONTENT)
    with pytest.raises(UsageError):
        board.decide_by_token("m1.approve." + message.id + ".1900000000." + "0" * 64, "approve")
    assert store.get(message.id) == message


def test_refused_it_goes_back_to_a_sender_of_ours(board, store, sink, clock):
    message = store.put(held(is_own_sender=True, recipients=(BOB, CAROL)), CONTENT)
    outcome = board.decide(message.id, "reject", by="boss", explanation="Not before Monday.\x1b\nSorry")
    assert outcome.end is End.BOUNCED
    (received,) = sink.received
    assert (received.sender, received.recipients) == ("<>", (OWN,))
    assert is_marked(received.content, clock)
    assert store.listing().messages == ()
    report = parsed(received.content)
    assert (report.get_content_type(), report["Auto-Submitted"]) == ("multipart/report", "auto-replied")
    assert report.get_param("report-type") == "delivery-status"
    text, status, header = report.get_payload()
    assert "a moderator has decided against it" in text.get_content()
    assert "Not before Monday.\\x1b" in text.get_content()
    about, first, second = status.get_payload()
    assert about["Reporting-MTA"] == "dns; mx.example.net"
    assert (first["Final-Recipient"], first["Action"], first["Status"]) == (f"rfc822; {BOB}", "failed", "5.7.1")
    assert second["Final-Recipient"] == f"rfc822; {CAROL}"
    assert "Message-ID: <1@example.org>" in header.get_payload()
    assert "here they are" not in received.content.decode()


def test_our_marks_on_it_are_not_told(board, store, sink):
    mark, route = b"X-Postward-Pass: v=1; t=1;\r\n\th=0123\r\n", b"x-postward-ROUTE: 4567\r\n"
    message = store.put(held(is_own_sender=True), mark + CONTENT.replace(b"\r\n\r\n", b"\r\n" + route + b"\r\n", 1))
    board.decide(message.id, "reject", by="boss")
    header = parsed(sink.received[0].content).get_payload()[2].get_payload()
    assert header.split() == CONTENT.partition(b"\r\n\r\n")[0].decode().split()


@pytest.mark.parametrize(
    "more",
    [
        {"is_own_sender": False}, {"is_own_sender": True, "sender": ""}, {"is_own_sender": True, "sender": "a\udcff@b"},
        {"is_own_sender": True, "sender": "a@b\r\nBcc: c@d"},
    ],
)  # fmt: skip
def test_a_stranger_and_the_null_path_are_told_nothing(board, store, sink, more):
    message = store.put(held(**more), CONTENT)
    assert board.decide(message.id, "reject", by="boss").end is End.DISCARDED
    assert (sink.received, store.listing().messages) == ([], ())


@pytest.mark.parametrize(
    ("decision", "end", "recipients"),
    [
        (Decision.DELIVER, End.DELIVERED, [(BOB,)]),
        (Decision.DISCARD, End.DISCARDED, []),
        (Decision.BOUNCE, End.DISCARDED, []),
    ],
)
def test_when_nobody_decides_the_rules_word_is_done(board, store, sink, decision, end, recipients):  # noqa: PLR0917
    message = store.put(with_expiry(decision), CONTENT)
    assert board.expire(message.id).end is end
    assert [received.recipients for received in sink.received] == recipients
    assert store.listing().messages == ()


def test_expired_it_goes_back_with_the_word_for_that(board, store, sink):
    message = store.put(replace(with_expiry(Decision.BOUNCE), is_own_sender=True), CONTENT)
    assert board.expire(message.id).end is End.BOUNCED
    assert b"Status: 5.4.7" in sink.received[0].content
    assert b"nobody has let it go in time" in sink.received[0].content


def test_for_some_recipients_it_waits(board, store, sink):
    sink.answers["carol"] = "450 busy"
    message = store.put(held(recipients=(BOB, CAROL)), CONTENT)
    outcome = board.decide(message.id, "approve", by="boss")
    assert (outcome.end, outcome.text) == (End.WAITING, f"{CAROL}: 450 busy")
    assert store.get(message.id).recipients == (CAROL,)


def test_it_is_tried_less_and_less_often_and_given_up_in_the_end(board, store, sink, clock):
    sink.answers["carol"] = "550 no such user"
    message = store.put(held(recipients=(CAROL,), is_own_sender=True), CONTENT)
    board.decide(message.id, "approve", by="boss")
    delays = []
    for _ in range(9):
        state = store.get(message.id).moderation
        delays.append(state.next_attempt_s - clock.now_s)
        clock.now_s = state.next_attempt_s
        board.carry_out(message.id)
    assert delays[:4] == [60, 120, 240, 480]
    assert delays[-1] == 3600
    clock.now_s += 2 * 86_400
    assert board.carry_out(message.id).end is End.GIVEN_UP
    assert [received.recipients for received in sink.received] == [(OWN,)]
    assert store.listing().messages == ()


def test_a_notice_that_cannot_be_sent_is_tried_again_and_then_left(board, store, sink, clock):
    sink.answers["."] = "451 later"
    message = store.put(held(is_own_sender=True), CONTENT)
    assert board.decide(message.id, "reject", by="boss").end is End.WAITING
    clock.now_s += 3 * 86_400
    assert board.carry_out(message.id).end is End.WAITING
    clock.now_s += 12 * 86_400
    assert board.carry_out(message.id).end is End.DISCARDED
    assert store.listing().messages == ()


def test_nothing_is_lost_because_the_mta_was_away_for_days(board, store, sink, clock):
    sink.answers["MAIL"] = "421 going down"
    message = store.put(held(), CONTENT)
    assert board.decide(message.id, "approve", by="boss").end is End.WAITING
    clock.now_s += 5 * 86_400
    assert board.carry_out(message.id).end is End.WAITING
    del sink.answers["MAIL"]
    assert board.carry_out(message.id).end is End.DELIVERED


class Unwritable(MessageStore):
    """A store on a disk that for a while takes nothing but the decision."""

    is_broken = False

    def replace(self, message):
        self._check(message)
        super().replace(message)

    def delete(self, message):
        self._check(message)
        super().delete(message)

    def _check(self, message):
        if self.is_broken and self.get(message.id).moderation.decision is not Decision.PENDING:
            raise SpoolError("read-only file system")


@pytest.mark.parametrize(("word", "end"), [("approve", End.DELIVERED), ("reject", End.BOUNCED)])
def test_what_cannot_be_deleted_goes_out_once(tmp_path, sink, clock, word, end):
    store = Unwritable(tmp_path / "moderation")
    board = desk(store, sink, clock)
    message = store.put(held(is_own_sender=True), CONTENT)
    store.is_broken = True
    with pytest.raises(SpoolError):
        board.decide(message.id, word, by="boss")
    with pytest.raises(SpoolError):
        board.carry_out(message.id)
    store.is_broken = False
    assert board.carry_out(message.id).end is end
    assert len(sink.received) == 1
    assert store.listing().messages == ()


def test_who_has_had_it_gets_it_once_though_that_could_not_be_written(tmp_path, sink, clock):
    store = Unwritable(tmp_path / "moderation")
    board = desk(store, sink, clock)
    message = store.put(held(recipients=(BOB, CAROL)), CONTENT)
    sink.answers["carol"] = "450 busy"
    store.is_broken = True
    with pytest.raises(SpoolError):
        board.decide(message.id, "approve", by="boss")
    store.is_broken = False
    assert board.carry_out(message.id).end is End.WAITING
    assert store.get(message.id).recipients == (CAROL,)
    del sink.answers["carol"]
    assert board.carry_out(message.id).end is End.DELIVERED
    assert [received.recipients for received in sink.received] == [(BOB,), (CAROL,)]


def test_a_sender_whom_the_mta_refuses_is_not_tried_again(board, store, sink):
    sink.answers["alice"] = "550 no such user"
    message = store.put(held(is_own_sender=True), CONTENT)
    outcome = board.decide(message.id, "reject", by="boss")
    assert (outcome.end, "550 no such user" in outcome.text) == (End.DISCARDED, True)


def test_what_is_not_decided_is_not_carried_out(board, store, sink):
    message = store.put(held(), CONTENT)
    with pytest.raises(SpoolError, match="nobody has decided"):
        board.carry_out(message.id)
    with pytest.raises(PostwardError):
        board.decide(store.put(kept(), CONTENT).id, "approve", by="boss")
    assert sink.received == []


def test_a_header_without_end_and_odd_addresses_make_no_odd_report(board, store, sink):
    recipients = ("j\u00fcrgen@example.com", "a\udcff\r\nb@example.com")
    message = store.put(held(is_own_sender=True, recipients=recipients, subject="=?x?"), b"X: " + b"y" * 200_000)
    assert board.decide(message.id, "reject", by="boss").end is End.BOUNCED
    (received,) = sink.received
    status = parsed(received.content).get_payload()[1]
    told = [each["Final-Recipient"] for each in status.get_payload()[1:]]
    assert told[0] == "utf-8; j\\x{FC}rgen@example.com"
    assert len(told) == 2
    assert len(received.content) < 100_000
