# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics and the event store of ``postward run`` itself, through reloads, deaths and the end."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
from contextlib import closing

import pytest

from tests.dns_fixture import DnsFixture
from tests.milter.client import final, greet
from tests.milter.filter import Filter
from tests.milter.load import Load
from tests.milter.metrics_page import Scraper, free_port, messages, scrape, wait_for_page
from tests.milter.server import wait_until

START = "process_start_time_seconds"
LOADED = "postward_config_last_reload_success_timestamp_seconds"
REFUSED = "postward_config_reload_failures_total"


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def server(port):
    with DnsFixture({}) as names:
        one = Filter(names.address)
        try:
            one.configure(metrics={"listen": f"127.0.0.1:{port}"})
            yield one.start()
        finally:
            one.stop()


def deliver_one(server: Filter) -> None:
    session = greet(server.address)
    assert final(session.message()) == b"c"
    session.quit()


def stored_events(server: Filter) -> int:
    with closing(sqlite3.connect(server.state / "events.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM event").fetchone()[0]


def collector_pid(server: Filter) -> int:
    return int(server.wait_for("event=collector.started")[-1].split(" pid=")[1])


def test_reloading_under_load_fails_no_scrape_and_loses_no_message(server, port):
    wait_for_page(port, lambda _: True, "the metrics")
    with Load(server.address, 4) as load, Scraper(port) as scraper:
        for reloads in range(1, 4):
            load.wait_for_answers(30)
            server.hang_up()
            server.wait_for("event=generation.ready", reloads + 1)
        load.wait_for_answers(30)
    assert (load.errors, scraper.errors) == ([], [])
    assert scraper.counts == sorted(scraper.counts)
    wait_for_page(port, lambda page: messages(page) == load.answers, "all messages in the metrics")
    wait_until(lambda: stored_events(server) == load.answers, "all messages in the store")


def test_a_message_of_a_generation_that_retires_is_counted_and_stored(server, port):
    session = greet(server.address)
    session.message()
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    assert final(session.message()) == b"c"
    page = wait_for_page(port, lambda page: messages(page) == 2, "both messages")
    assert page["postward_sessions"] <= 1
    session.quit()
    server.wait_for("event=generation.retired")
    wait_for_page(port, lambda page: page["postward_sessions"] == 0, "no session")
    wait_until(lambda: stored_events(server) == 2, "both messages in the store")


def test_the_port_can_be_changed_by_a_reload(server, port):
    deliver_one(server)
    before = wait_for_page(port, lambda page: messages(page) == 1, "the message")
    other = free_port()
    server.configure(metrics={"listen": f"127.0.0.1:{other}"})
    server.hang_up()
    after = wait_for_page(other, lambda page: messages(page) >= 1, "the metrics under the other port")
    assert after[START] == before[START]
    with pytest.raises(OSError):
        scrape(port)
    server.configure(metrics={"listen": None})
    server.hang_up()
    server.wait_for("event=generation.ready", 3)
    wait_until(lambda: _is_refused(other), "the end of the endpoint")


def _is_refused(port: int) -> bool:
    try:
        scrape(port)
    except OSError:
        return True
    return False


def test_a_broken_reload_is_counted_and_changes_nothing_else(server, port):
    deliver_one(server)
    before = wait_for_page(port, lambda page: messages(page) == 1 and page[LOADED], "the message")
    server.configure(no_such_key=1, metrics={"listen": None})
    server.hang_up()
    server.wait_for("event=generation.refused")
    refused = wait_for_page(port, lambda page: page[REFUSED] == 1, "the refusal")
    assert [refused[name] for name in (START, LOADED)] == [before[name] for name in (START, LOADED)]
    server.configure(metrics={"listen": f"127.0.0.1:{port}"})
    server.hang_up()
    after = wait_for_page(port, lambda page: page[LOADED] > before[LOADED], "the reload")
    assert (after[REFUSED], messages(after)) == (1, 1)


def test_a_killed_collector_is_replaced_and_mail_flows_on(server, port):
    deliver_one(server)
    before = wait_for_page(port, lambda page: messages(page) == 1, "the message")
    wait_until(lambda: stored_events(server) == 1, "the message in the store")
    with Load(server.address, 2) as load:
        os.kill(collector_pid(server), signal.SIGKILL)
        server.wait_for("event=collector.started", 2)
        load.wait_for_answers(20)
    assert load.errors == []
    after = wait_for_page(port, lambda page: page[START] > before[START] and page[LOADED], "the next collector")
    assert after[REFUSED] == 0
    deliver_one(server)
    wait_for_page(port, messages, "the message in its sums")
    assert not any("leader.died" in line or "worker.died" in line for line in server.lines)


def test_what_was_answered_is_stored_when_it_ends_and_the_port_is_free(server, port):
    with Load(server.address, 4) as load:
        load.wait_for_answers(30)
    server.terminate()
    assert server.wait() == 0
    assert stored_events(server) == load.answers
    socket.create_server(("127.0.0.1", port)).close()
