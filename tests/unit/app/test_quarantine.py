# SPDX-License-Identifier: GPL-3.0-or-later
"""A message leaves the quarantine as it was kept, and is deleted when the MTA has taken it, not before."""

from __future__ import annotations

import pytest

from postward.app.courier.hand_over import NotHandedOverError
from postward.app.quarantine import StillThereError, delete_message, release_message
from postward.spool.errors import InUseError, NoSuchMessageError, SpoolError
from postward.spool.message_store import MessageStore
from tests.smtp_sink import SmtpSink
from tests.unit.app.courier.parts import CONTENT, Moment, is_marked, release, without_mark
from tests.unit.spool.kept import kept

BOB, CAROL = "bob@example.com", "carol@example.com"


@pytest.fixture
def store(tmp_path):
    return MessageStore(tmp_path / "quarantine")


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


@pytest.mark.parametrize("content", [CONTENT, CONTENT.partition(b"\r\n")[2]], ids=["with results", "without"])
def test_it_is_left_alone_when_it_comes_back(store, sink, content):
    clock = Moment()
    message = store.put(kept(return_path="b+1@example.org"), content)
    released = release_message(store, release(sink, clock), message.id)
    (received,) = sink.received
    assert (received.sender, received.recipients) == ("<b+1@example.org>", (BOB,))
    assert without_mark(received.content) == content
    assert is_marked(received.content, clock)
    assert released.accepted == (BOB,)
    assert store.listing().messages == ()


def test_a_mark_fits_no_other_message(store, sink):
    clock = Moment()
    message = store.put(kept(), CONTENT.partition(b"\r\n")[2])
    release_message(store, release(sink, clock), message.id)
    (received,) = sink.received
    assert not is_marked(received.content.replace(b"<1@example.org>", b"<2@example.org>"), clock)
    assert not is_marked(b"Authentication-Results: x; spf=pass\r\n" + received.content, clock)


def test_it_can_go_elsewhere_and_stay(store, sink):
    message = store.put(kept(), CONTENT)
    release_message(store, release(sink, Moment()), message.id, to=["boss@example.org"], keep=True)
    assert sink.received[0].recipients == ("boss@example.org",)
    assert store.get(message.id) == message


@pytest.mark.parametrize("recipients", [(BOB,), (BOB, CAROL)])
def test_what_the_mta_has_but_cannot_be_deleted_is_not_to_be_released_again(tmp_path, sink, recipients):
    class Unwritable(MessageStore):
        def replace(self, message):
            raise SpoolError(f"{message.id}: read-only file system")

        delete = replace

    store = Unwritable(tmp_path / "quarantine")
    sink.answers["carol"] = "450 busy"
    message = store.put(kept(recipients=recipients), CONTENT)
    with pytest.raises(StillThereError, match=f"released to {BOB}, and still there"):
        release_message(store, release(sink, Moment()), message.id)
    assert sink.received[0].recipients == (BOB,)


def test_what_the_mta_does_not_take_stays(store, sink):
    sink.answers["."] = "451 4.3.0 later"
    message = store.put(kept(), CONTENT)
    with pytest.raises(NotHandedOverError, match="later"):
        release_message(store, release(sink, Moment()), message.id)
    assert store.content(store.get(message.id)) == CONTENT


def test_it_stays_for_those_whom_the_mta_refuses(store, sink):
    sink.answers["carol"] = "450 4.2.1 busy"
    message = store.put(kept(recipients=(BOB, CAROL)), CONTENT)
    released = release_message(store, release(sink, Moment()), message.id)
    assert (released.accepted, released.refused) == ((BOB,), ((CAROL, "450 4.2.1 busy"),))
    assert store.get(message.id).recipients == (CAROL,)
    del sink.answers["carol"]
    release_message(store, release(sink, Moment()), message.id)
    assert [received.recipients for received in sink.received] == [(BOB,), (CAROL,)]


def test_a_damaged_one_does_not_go(store, sink):
    message = store.put(kept(), CONTENT)
    (store.folder / f"{message.id}.eml").write_bytes(b"other")
    with pytest.raises(SpoolError, match="damaged"):
        release_message(store, release(sink, Moment()), message.id)
    assert sink.received == []


def test_one_that_somebody_works_on_waits(store, sink):
    message = store.put(kept(), CONTENT)
    with store.claim(message.id):
        with pytest.raises(InUseError):
            release_message(store, release(sink, Moment()), message.id)
        with pytest.raises(InUseError):
            delete_message(store, message.id)


def test_deleted_it_is_gone(store, sink):
    message = store.put(kept(), CONTENT)
    delete_message(store, message.id)
    with pytest.raises(NoSuchMessageError):
        release_message(store, release(sink, Moment()), message.id)
