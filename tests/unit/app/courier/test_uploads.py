# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies go into the bucket at least once, and stay on disk until they are there."""

from __future__ import annotations

import pytest

from postward.app.courier.uploads import UploadCourier
from postward.spool.errors import SpoolError
from postward.spool.message_store import MessageStore
from tests.unit.app.courier.parts import CONTENT, Log, Moment
from tests.unit.spool.kept import kept


class Objects:
    """A store of objects that may be out of order."""

    def __init__(self):
        self.kept, self.attempts, self.is_broken, self.after = {}, 0, False, None

    def put(self, name, content):
        self.attempts += 1
        if self.is_broken:
            raise SpoolError("s3://mail: out of order")
        self.kept[name] = content
        if self.after:
            self.after()


class Depot:
    def __init__(self, folder):
        self.clock, self.log, self.objects = Moment(), Log(), Objects()
        self.pending = MessageStore(folder)
        self.courier = UploadCourier("cold", self.pending, self.objects, self.log.log, clock=self.clock)


@pytest.fixture
def depot(tmp_path):
    made = Depot(tmp_path / "cold")
    yield made
    made.log.close()


def test_uploaded_it_is_no_longer_on_disk(depot):
    message = depot.pending.put(kept(kind="archive"), CONTENT)
    depot.courier.step()
    assert depot.objects.kept == {f"2027/01/15/{message.id}.eml": CONTENT}
    assert depot.pending.listing().messages == ()
    assert "event=archive.uploaded" in depot.log.text


def test_while_the_store_is_out_of_order_it_waits_longer_and_longer(depot):
    depot.objects.is_broken = True
    for _ in range(3):
        depot.pending.put(kept(kind="archive"), CONTENT)
    delays = []
    for _ in range(12):
        before = depot.objects.attempts
        started_s = depot.clock.now_s
        while depot.objects.attempts == before:
            depot.courier.step()
            depot.clock.now_s += 1
        delays.append(depot.clock.now_s - started_s)
    assert delays[1:4] == [5, 10, 20]
    assert delays[-1] == 900
    assert depot.objects.attempts == 12
    assert depot.log.text.count("event=archive.not_uploaded") == 12
    depot.objects.is_broken = False
    depot.clock.now_s += 900
    depot.courier.step()
    assert len(depot.objects.kept) == 3


def test_a_copy_whose_deletion_failed_is_uploaded_again_under_the_same_name(depot):
    message = depot.pending.put(kept(kind="archive"), CONTENT)

    def interrupt():
        raise KeyboardInterrupt

    depot.objects.after = interrupt
    with pytest.raises(KeyboardInterrupt):
        depot.courier.step()
    depot.objects.after = None
    depot.courier.step()
    assert list(depot.objects.kept) == [f"2027/01/15/{message.id}.eml"]
    assert depot.pending.listing().messages == ()


def test_a_damaged_copy_is_told_and_nothing_else_is_put_in_its_place(depot):
    message = depot.pending.put(kept(kind="archive"), CONTENT)
    (depot.pending.folder / f"{message.id}.eml").write_bytes(b"other")
    depot.courier.step()
    assert depot.objects.kept == {}
    assert "is damaged" in depot.log.text


def test_a_damaged_copy_holds_up_no_other_and_does_not_fill_the_log(depot):
    for number in range(4):
        message = depot.pending.put(kept(kind="archive"), CONTENT)
        if number % 2:
            path = depot.pending.folder / f"{message.id}.{'eml' if number == 1 else 'json'}"
            path.write_bytes(b"other")
    for _ in range(20):
        depot.courier.step()
        depot.clock.now_s += 2
    assert len(depot.objects.kept) == 2
    assert depot.log.text.count("event=archive.damaged") == 2
    assert "archive.not_uploaded" not in depot.log.text
