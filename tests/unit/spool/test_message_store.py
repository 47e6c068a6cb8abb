# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of kept messages: whole or not at all, private, bounded, and worked on by one at a time."""

from __future__ import annotations

import json
import os
import threading

import pytest

from postward.spool.errors import InUseError, NoSuchMessageError, SpoolError, SpoolFullError
from postward.spool.message_store import MessageStore
from postward.spool.usage import StoreBounds
from tests.clock import Clock
from tests.unit.spool.kept import CONTENT, NOW_S, files_of_at_most, held, kept


@pytest.fixture
def store(tmp_path):
    return MessageStore(tmp_path / "quarantine")


def names(store):
    return sorted(path.name for path in store.folder.iterdir()) if store.folder.exists() else []


def test_what_is_put_there_is_read_back(store):
    message = store.put(held(sender="a\udcff@example.org", subject="caf\u00e9"), CONTENT)
    assert store.get(message.id) == message
    assert store.content(message) == CONTENT
    assert (message.size_bytes, len(message.sha256)) == (len(CONTENT), 64)


def test_nobody_else_can_read_it_and_nothing_else_is_left(store):
    message = store.put(kept(), CONTENT)
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert names(store) == [f"{message.id}.eml", f"{message.id}.json"]
    assert {path.stat().st_mode & 0o777 for path in store.folder.iterdir()} == {0o600}


def test_the_json_says_of_which_schema_it_is(store):
    message = store.put(kept(), CONTENT)
    told = json.loads((store.folder / f"{message.id}.json").read_text("ascii"))
    assert (told["schema"], told["transaction_id"], told["queue_id"], told["rule"]) == (1, "t1", "Q1", "dlp")
    assert (told["sender"], told["recipients"]) == ("alice@example.org", ["bob@example.com"])


def test_the_oldest_comes_first_and_what_cannot_be_read_is_told(store):
    late, early = store.put(kept(time_s=NOW_S), CONTENT), store.put(kept(time_s=NOW_S - 1), CONTENT)
    broken = store.put(kept(), CONTENT)
    (store.folder / f"{broken.id}.json").write_text("{}")
    listing = store.listing()
    assert [message.id for message in listing.messages] == [early.id, late.id]
    assert listing.faults == (f"{store.folder / broken.id}.json is not of schema 1",)


def test_a_folder_that_is_not_there_is_empty(store):
    assert store.listing().messages == ()
    with pytest.raises(NoSuchMessageError):
        store.get("a" * 16)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 15, "A" * 16, "a" * 15 + "\n", "a" * 15 + "/", "." * 16]
)
def test_an_id_leads_nowhere_else(store, name):
    store.put(kept(), CONTENT)
    with pytest.raises(NoSuchMessageError):
        store.get(name)
    with pytest.raises(NoSuchMessageError), store.claim(name):
        pass


@pytest.mark.parametrize(
    "change",
    [
        {"recipients": "bob"}, {"recipients": [1]}, {"time_s": "now"}, {"more": 1}, {"size_bytes": True},
        {"moderation": {"moderators": []}}, {"moderation": 5}, {"sender": None}, {"time_s": float("nan")},
        {"time_s": float("inf")}, {"time_s": 10**400}, {"time_s": 1e300}, {"id": "a" * 16}, {"id": ""},
        {"size_bytes": -(10**400)},
    ],
)  # fmt: skip
def test_json_of_another_form_is_a_fault(store, change):
    message = store.put(held(), CONTENT)
    path = store.folder / f"{message.id}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(SpoolError, match=message.id):
        store.get(message.id)


def test_json_that_nests_without_end_is_a_fault(store):
    message = store.put(kept(), CONTENT)
    (store.folder / f"{message.id}.json").write_text("[" * 100_000)
    with pytest.raises(SpoolError, match="no JSON"):
        store.get(message.id)


def test_json_that_was_copied_leads_to_no_other_message(store):
    one, other = store.put(kept(), CONTENT), store.put(kept(recipients=("carol@example.com",)), CONTENT)
    path = store.folder / f"{one.id}.json"
    path.write_bytes((store.folder / f"{other.id}.json").read_bytes())
    with pytest.raises(SpoolError, match="another message"), store.claim(one.id):
        pass


def test_a_damaged_message_is_not_let_go(store):
    message = store.put(kept(), CONTENT)
    (store.folder / f"{message.id}.eml").write_bytes(CONTENT[:-1])
    with pytest.raises(SpoolError, match="damaged"):
        store.content(message)


def test_deleted_it_is_gone(store):
    message = store.put(kept(), CONTENT)
    store.delete(message)
    assert names(store) == []
    with pytest.raises(NoSuchMessageError):
        store.content(message)


def test_no_more_messages_than_the_bound(tmp_path):
    store = MessageStore(tmp_path, StoreBounds(max_messages=2))
    store.put(kept(), CONTENT)
    store.put(kept(), CONTENT)
    with pytest.raises(SpoolFullError, match="2 messages"):
        store.put(kept(), CONTENT)


def test_no_more_bytes_than_the_bound_and_room_again_after_a_deletion(tmp_path):
    clock = Clock()
    store = MessageStore(tmp_path, StoreBounds(max_bytes=3_000), monotonic=clock)
    message = store.put(kept(), b"x" * 1_500)
    with pytest.raises(SpoolFullError, match="3000 bytes"):
        store.put(kept(), b"x" * 1_500)
    store.delete(message)
    clock.now_s += 60
    store.put(kept(), b"x" * 1_500)


def test_a_folder_that_takes_long_to_count_is_counted_less_often(tmp_path):
    # Asked, begun and ended; asked; asked, begun and ended.
    moments = iter([0.0, 0.0, 10.0, 209.0, 210.0, 210.0, 211.0])
    store = MessageStore(tmp_path, StoreBounds(max_messages=2), monotonic=lambda: next(moments))
    store.put(kept(), CONTENT)
    MessageStore(tmp_path).put(kept(), CONTENT)
    store.put(kept(), CONTENT)
    with pytest.raises(SpoolFullError):
        store.put(kept(), CONTENT)


def test_a_full_disk_is_told_and_leaves_nothing(store):
    with files_of_at_most(1_000), pytest.raises(SpoolFullError, match="File too large"):
        store.put(kept(), b"x" * 2_000)
    assert names(store) == []


def test_a_full_disk_that_has_room_for_the_message_only_leaves_nothing_either(store):
    with files_of_at_most(1_000), pytest.raises(SpoolFullError):
        store.put(kept(reason="r" * 1_000), b"x")
    assert names(store) == []


def test_only_one_works_on_a_message(store):
    message = store.put(kept(), CONTENT)
    refused = []

    def another():
        try:
            with store.claim(message.id):
                pass
        except InUseError as error:
            refused.append(str(error))

    with store.claim(message.id) as claimed:
        assert claimed == message
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
    assert refused == [f"message {message.id} is being worked on"]
    with store.claim(message.id):
        pass


def test_a_claim_ends_with_the_process_that_holds_it(store):
    message = store.put(kept(), CONTENT)
    child = os.fork()
    if child == 0:
        store.claim(message.id).__enter__()
        os._exit(0)
    os.waitpid(child, 0)
    with store.claim(message.id):
        pass


def test_what_was_deleted_under_a_claim_cannot_be_claimed(store):
    message = store.put(kept(), CONTENT)
    with store.claim(message.id):
        store.delete(message)
        with pytest.raises(NoSuchMessageError), store.claim(message.id):
            pass


def test_what_is_known_can_be_written_anew(store):
    message = store.put(kept(recipients=("b@example.com", "c@example.com")), CONTENT)
    with store.claim(message.id) as claimed:
        store.replace(kept(id=claimed.id, recipients=("c@example.com",), sha256=claimed.sha256))
    assert store.get(message.id).recipients == ("c@example.com",)
    assert store.content(store.get(message.id)) == CONTENT


def test_what_an_interrupted_process_left_is_tidied_up_and_nothing_else(store):
    message = store.put(kept(), CONTENT)
    left = [store.folder / f".{'b' * 16}.eml.0011", store.folder / f"{'c' * 16}.eml"]
    for path in left:
        path.write_bytes(b"half")
    stranger = store.folder / "README"
    stranger.write_text("mine")
    fresh = store.folder / f"{'d' * 16}.eml"
    written_s = left[0].stat().st_mtime
    store.tidy(written_s + 60)
    assert all(path.exists() for path in left)
    fresh.write_bytes(b"being written")
    os.utime(fresh, (written_s + 7_000, written_s + 7_000))
    store.tidy(written_s + 7_200)
    assert names(store) == sorted([f"{message.id}.eml", f"{message.id}.json", "README", fresh.name])
