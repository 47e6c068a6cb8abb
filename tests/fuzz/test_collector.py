# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector's datagrams: noise is refused, and what is taken can be added up, served and stored."""

from __future__ import annotations

import socket
import time

import pytest
from hypothesis import strategies as st

from postward.observability.collector import Collector
from postward.observability.families import FAMILIES, SCORE
from postward.observability.logger import EventLog
from postward.observability.wire import MAX_DATAGRAM_BYTES, decode_report
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, JSON, TEXT, as_json, edited

NAMES = st.one_of(st.sampled_from(sorted(FAMILIES)), TEXT)
AMOUNTS = st.one_of(st.integers(), st.floats(), JSON)
LABELS = st.lists(st.one_of(TEXT, st.just("accept"), JSON), max_size=2)
COUNTS = st.lists(st.integers(-1, 10**16), min_size=len(SCORE.buckets) + 1, max_size=len(SCORE.buckets) + 1)
ENTRIES = st.one_of(
    st.tuples(NAMES, LABELS, AMOUNTS).map(list),
    st.tuples(NAMES, LABELS, COUNTS, AMOUNTS).map(list),
    JSON,
)
SETTINGS = st.fixed_dictionaries(
    {
        "metrics": st.one_of(st.none(), st.fixed_dictionaries({"address": TEXT, "port": st.integers()}), JSON),
        "store": st.one_of(st.none(), JSON),
        "log": st.one_of(st.fixed_dictionaries({"format": st.sampled_from(["json", "x"]), "level": st.integers(0,
        9)}), JSON),
    }
)  # fmt: skip
SENDERS = st.one_of(st.sampled_from(["1", "leader"]), TEXT)
LINES = st.one_of(
    st.dictionaries(st.sampled_from(["id", "qid", "msgid", "event"]), st.one_of(TEXT, JSON)).map(as_json),
    st.binary(max_size=40),
)


def _with_events(sender: str, lines: list[bytes], surplus: int) -> bytes:
    return b"\n".join((as_json({"v": 1, "from": sender, "events": [len(lines) + surplus]}), *lines))


REPORTS = st.one_of(
    st.builds(lambda sender, entries: as_json({"v": 1, "from": sender, "metrics": entries}), SENDERS,
    st.lists(ENTRIES, max_size=4)),
    st.builds(lambda sender, settings: as_json({"v": 1, "from": sender, "settings": [settings]}), SENDERS, SETTINGS),
    st.builds(_with_events, SENDERS, st.lists(LINES, max_size=4), st.sampled_from([0, 0, 0, 1])),
    JSON.map(as_json),
)  # fmt: skip
DATAGRAMS = st.one_of(
    REPORTS,
    st.tuples(REPORTS, EDITS).map(lambda pair: edited(*pair)),
    st.binary(max_size=60),
    st.sampled_from([b"[" * 40_000, b'{"v":1,"from":' * 3_000, b"9" * 40_000, b"\n" * 40_000,
    b"x" * (MAX_DATAGRAM_BYTES + 1)]),
)  # fmt: skip


@pytest.fixture(scope="module")
def store_path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("collector") / "events.sqlite3")


@fuzz(datagram=DATAGRAMS)
def test_any_datagram_is_read_or_refused(datagram):
    report = decode_report(datagram)
    assert report is None or (len(report.sender) <= 64 and len(report.events) <= len(datagram))


@fuzz(datagrams=st.lists(DATAGRAMS, min_size=1, max_size=12), share=0.4)
def test_the_collector_lives_on(store_path, datagrams):
    sending, receiving = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with sending, receiving, open("/dev/null", "wb") as nowhere:  # noqa: PTH123 - for its descriptor
        collector = Collector(receiving, EventLog(fd=nowhere.fileno()), time.time)
        store = {"path": store_path, "max_messages": 10, "max_age_s": 60, "max_bytes": 10_000_000}
        log = {"format": "json", "level": 6}
        sending.send(as_json({"v": 1, "from": "1", "settings": [{"metrics": None, "store": store, "log": log}]}))
        collector._take_in()
        for datagram in datagrams:
            # Where to serve and to store is not up to strangers: only our own processes have the other end.
            if (report := decode_report(datagram)) is None or report.settings is None:
                sending.send(datagram)
                collector._take_in()
        _, page = collector._page()
        assert b"postward_build_info" in page
        assert page.decode().count("\n") < 2_000
        collector._close()
