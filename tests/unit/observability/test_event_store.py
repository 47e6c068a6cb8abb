# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from postward.errors import TemporaryFailure
from postward.observability.collector_settings import EventStoreSettings
from postward.observability.event_reader import find_events
from postward.observability.event_store import EventStore
from postward.observability.logger import EventLog

NOW_S = 1_700_000_000.0
DAY_S = 86_400.0


@pytest.fixture
def log_file(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def log(log_file):
    fd = os.open(log_file, os.O_WRONLY | os.O_CREAT)
    yield EventLog(fd=fd)
    os.close(fd)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "events.sqlite3"


@pytest.fixture
def open_store(path, log):
    stores = []

    def make(**settings) -> EventStore:
        stores.append(EventStore(EventStoreSettings(path=str(path), **settings), log))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def line(number, **fields) -> str:
    return json.dumps({"id": f"own{number}", "qid": f"Q{number}", "msgid": f"<{number}@example.com>", **fields})


def ids(path, key) -> list[str]:
    return [event["id"] for event in find_events(path, key)]


def test_an_event_is_found_by_each_of_its_names_and_no_other(open_store, path):
    open_store().add([line(1), line(2)], NOW_S)
    for key in ("own1", "Q1", "1@example.com", "<1@example.com>", " <1@example.com> "):
        assert ids(path, key) == ["own1"]
    for key in ("", "q1", "Q", "%", "1@example", "<>", "'; DROP TABLE event; --"):
        assert ids(path, key) == []


@pytest.mark.parametrize("key", ["id", "qid", "msgid"])
def test_a_name_that_cannot_be_encoded_harms_nothing(open_store, path, key):
    store = open_store()
    store.add([line(1, **{key: "\udcff\ud800"}), line(2)], NOW_S)
    assert store.failures == 0
    assert ids(path, "own2") == ["own2"]
    assert len(find_events(path, r"\xff\ud800")) == 1


def test_the_newest_of_several_comes_first_and_they_are_bounded(open_store, path):
    store = open_store()
    for number in range(30):
        store.add([line(number, msgid="<same@example.com>")], NOW_S + number)
    found = ids(path, "same@example.com")
    assert found == [f"own{number}" for number in range(29, 9, -1)]


def test_events_without_a_name_are_not_found_by_an_empty_one(open_store, path):
    open_store().add([json.dumps({"id": "x"})], NOW_S)
    assert ids(path, "") == []
    assert ids(path, "x") == ["x"]


def test_a_message_is_found_with_the_rules_that_matched_it(open_store, path):
    rules = [line(1, event="rule.matched", rule=rule) for rule in ("a", "b")]
    open_store().add([rules[0], line(1), rules[1], line(2), line(2, event="rule.matched", rule="c")], NOW_S)
    for key in ("own1", "Q1", "1@example.com"):
        assert [event.get("rule") for event in find_events(path, key)] == [None, "a", "b"]
    assert [event.get("rule") for event in find_events(path, "own2")] == [None, "c"]


def test_rules_that_let_no_recipient_in_are_found_by_the_id_of_the_message(open_store, path):
    open_store().add([line(1, event="rule.matched", rule="a")], NOW_S)
    assert [event["rule"] for event in find_events(path, "own1")] == ["a"]
    assert ids(path, "Q1") == []


def test_lines_that_are_no_objects_are_passed_over(open_store, path):
    store = open_store()
    store.add(["", "[1]", "{", "[" * 10_000, line(1)], NOW_S)
    assert ids(path, "Q1") == ["own1"]
    assert store.failures == 0


def test_what_is_too_old_goes(open_store, path):
    store = open_store(max_age_s=7 * DAY_S)
    store.add([line(1)], NOW_S)
    store.add([line(2)], NOW_S + 6 * DAY_S)
    store.expire(NOW_S + 8 * DAY_S)
    assert (ids(path, "own1"), ids(path, "own2")) == ([], ["own2"])


def test_the_file_is_bounded_in_bytes_and_the_newest_stay(open_store, path):
    store = open_store(max_bytes=400_000)
    for number in range(300):
        store.add([line(number, text="x" * 8000)], NOW_S + number)
    assert store.failures == 0
    assert path.stat().st_size <= 400_000
    assert ids(path, "own299") == ["own299"]
    assert ids(path, "own0") == []


def test_a_directory_that_cannot_be_made_is_said_and_tried_again(open_store, path, log_file):
    store = open_store()
    path.parent.write_text("in the way")
    store.add([line(1)], NOW_S)
    store.add([line(2)], NOW_S + 1)  # Within the pause nothing is tried.
    assert store.failures == 1
    assert log_file.read_text().count("event=event_store.failed") == 1
    path.parent.unlink()
    store.add([line(3)], NOW_S + 11)
    assert ids(path, "own3") == ["own3"]
    assert ids(path, "own2") == []


def test_a_clock_that_is_set_back_does_not_prolong_the_pause(open_store, path):
    store = open_store()
    path.parent.write_text("in the way")
    store.add([line(1)], NOW_S)
    path.parent.unlink()
    store.add([line(2)], NOW_S - DAY_S)
    assert ids(path, "own2") == ["own2"]


def test_a_disk_that_is_full_is_said(log, log_file):
    store = EventStore(EventStoreSettings(path="/dev/full/events.sqlite3"), log)
    store.add([line(1)], NOW_S)
    assert store.failures == 1
    assert "event=event_store.failed" in log_file.read_text()


def test_a_file_damaged_while_it_is_open_is_replaced(open_store, path):
    store = open_store()
    store.add([line(number, text="x" * 500) for number in range(100)], NOW_S)
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    store.add([line(200)], NOW_S + 1)
    store.add([line(201)], NOW_S + 2)
    assert store.failures == 1
    assert ids(path, "own201") == ["own201"]
    assert path.with_name("events.sqlite3.damaged").exists()


def test_a_file_of_another_version_is_set_aside(open_store, path):
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE event (other TEXT)")
    store = open_store()
    store.add([line(1)], NOW_S)
    store.add([line(2)], NOW_S + 1)
    assert ids(path, "own2") == ["own2"]


def test_a_link_in_place_of_the_file_is_not_followed(open_store, path, tmp_path):
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    open_store().add([line(1)], NOW_S)
    assert not (tmp_path / "elsewhere").exists()


def test_others_of_the_system_cannot_read_it(open_store, path):
    open_store().add([line(1)], NOW_S)
    assert {oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {"0o640"}
    assert oct(path.parent.stat().st_mode & 0o777) == "0o750"


def test_a_second_writer_of_a_reload_gets_its_turn(open_store, path):
    first, second = open_store(), open_store()
    for number in range(0, 20, 2):
        first.add([line(number)], NOW_S)
        second.add([line(number + 1)], NOW_S)
    assert first.failures == second.failures == 0
    assert [len(ids(path, f"own{number}")) for number in range(20)] == [1] * 20


def test_no_store_and_no_database_are_told_apart(path):
    with pytest.raises(FileNotFoundError):
        find_events(path, "x")
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(TemporaryFailure):
        find_events(path, "x")


READER = """
import os, sys
from pathlib import Path
from postward.observability.event_reader import find_events
if os.getuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
print([event["id"] for event in find_events(Path(sys.argv[1]), "Q1")])
"""


@pytest.mark.parametrize("is_running", [True, False])
def test_one_who_may_only_read_finds_events_while_it_is_written_and_afterwards(log, is_running):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "events.sqlite3"
        store = EventStore(EventStoreSettings(path=str(path)), log)
        store.add([line(1)], NOW_S)
        if not is_running:
            store.close()
        for file in path.parent.iterdir():
            file.chmod(0o444)
        path.parent.chmod(0o555)
        answer = subprocess.run(
            [sys.executable, "-c", READER, str(path)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        path.parent.chmod(0o755)
        store.close()
    assert (answer.stdout, answer.stderr) == ("['own1']\n", "")
