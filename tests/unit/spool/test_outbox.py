# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices wait in a file each, private and bounded."""

from __future__ import annotations

import json

import pytest

from postward.spool.errors import SpoolError, SpoolFullError
from postward.spool.outbox import Outbox
from postward.spool.usage import StoreBounds
from tests.unit.spool.kept import NOW_S, files_of_at_most, notice


@pytest.fixture
def outbox(tmp_path):
    return Outbox(tmp_path / "outbox")


def test_what_is_put_there_waits_the_oldest_first(outbox):
    late = outbox.put(notice(subject="\udcffsecond"))
    early = outbox.put(notice(time_s=NOW_S - 1))
    assert outbox.waiting().notices == (early, late)
    assert {path.stat().st_mode & 0o777 for path in outbox.folder.iterdir()} == {0o600}


def test_sent_it_is_forgotten(outbox):
    one, other = outbox.put(notice()), outbox.put(notice(to="other@example.org"))
    outbox.remove([one])
    assert outbox.waiting().notices == (other,)


def test_one_that_cannot_be_read_is_set_aside_and_told_once(outbox):
    message = outbox.put(notice())
    path = outbox.folder / f"{message.id}.notice"
    path.write_text(json.dumps({**json.loads(path.read_text()), "kind": "gossip"}))
    assert outbox.waiting().faults == (f"{path} has a kind that is not of its type; set aside as {message.id}.damaged",)
    assert outbox.waiting().faults == ()


@pytest.mark.parametrize("change", [{"id": ""}, {"id": "a" * 16}, {"time_s": float("nan")}, {"expires_s": 1e300}])
def test_one_that_could_never_be_sent_or_forgotten_is_set_aside(outbox, change):
    path = outbox.folder / f"{outbox.put(notice()).id}.notice"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    waiting = outbox.waiting()
    assert (waiting.notices, len(waiting.faults)) == ((), 1)


def test_no_more_than_the_bound(tmp_path):
    outbox = Outbox(tmp_path, StoreBounds(max_messages=1))
    outbox.put(notice())
    with pytest.raises(SpoolFullError):
        outbox.put(notice())


def test_a_full_disk_is_told_and_leaves_nothing(outbox):
    with files_of_at_most(100), pytest.raises(SpoolFullError):
        outbox.put(notice())
    assert list(outbox.folder.iterdir()) == []


def test_an_id_leads_nowhere_else(outbox):
    with pytest.raises(SpoolError):
        outbox.remove([notice(id="../x")])


def test_what_an_interrupted_process_left_is_tidied_up_and_nothing_else(outbox):
    outbox.tidy(NOW_S)
    waiting = outbox.put(notice())
    left = outbox.folder / f".{'b' * 16}.notice.0011"
    left.write_bytes(b"half")
    written_s = left.stat().st_mtime
    outbox.tidy(written_s + 60)
    assert left.exists()
    outbox.tidy(written_s + 7_200)
    assert [path.name for path in outbox.folder.iterdir()] == [f"{waiting.id}.notice"]
