# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that cannot be judged in time, or at all: the failure action, and the end of the worker that hangs."""

from __future__ import annotations

import pytest

from tests.milter.client import final, greet

QUICK = {"deadline_s": 1.0, "progress_interval_s": 0.2}


def test_a_slow_evaluation_keeps_the_mta_waiting_and_then_falls_back(start):
    server = start(settings=QUICK)
    client = greet(server.address)
    answers = client.message((b"Subject", b" sleep 30"))
    assert answers == [(b"i", b"\0\0\0\0X-Not-Judged\0 not evaluated within 1 s\0"), (b"c", b"")]
    assert client.progress >= 2
    told = server.told_of(client)
    assert told["outcome"] == "timed_out"
    assert final(client.message()) == b"c"


def test_a_slow_evaluation_within_the_deadline_counts(start):
    server = start(settings={"deadline_s": 20.0, "progress_interval_s": 0.1})
    client = greet(server.address)
    assert client.message((b"Subject", b" sleep 0.5"))[0] == (b"i", b"\0\0\0\0X-Judged\0 yes\0")
    assert client.progress >= 2


def test_tempfail_as_the_failure_action_where_nothing_else_works(start):
    server = start(failure_action="tempfail")
    answers = greet(server.address).message((b"Subject", b" raise no fallback"))
    assert answers == [(b"y", b"451 4.7.1 Service unavailable - try again later\0")]


def test_a_worker_that_hangs_in_c_code_is_killed_and_replaced(start):
    server = start(workers=1, settings={**QUICK, "heartbeat_timeout_s": 3.0})
    client = greet(server.address)
    with pytest.raises((EOFError, OSError)):
        client.message((b"Subject", b" hold-gil"))
    assert "no heartbeat" in server.wait_for("event=worker.killed")[0]
    assert final(greet(server.address).message()) == b"c"


def test_a_worker_with_stuck_evaluations_is_replaced(start):
    server = start(workers=1, settings={"deadline_s": 0.2, "max_threads": 4, "retire_timeout_s": 5.0})
    for _ in range(2):
        greet(server.address).message((b"Subject", b" sleep 1000"))
    server.wait_for("event=worker.worn_out")
    assert final(greet(server.address).message()) == b"c"


@pytest.mark.parametrize(
    ("limits", "fields", "body"),
    [
        ({"max_header_fields": 3}, [(b"X", b" 1")] * 4, b""),
        ({"max_header_bytes": 100}, [(b"X", b" " + b"x" * 100)], b""),
        ({"max_body_bytes": 100}, [(b"X", b" 1")], b"x" * 101),
    ],
)
def test_a_message_beyond_the_limits_gets_the_failure_action(start, limits, fields, body):
    server = start(limits=limits)
    client = greet(server.address)
    answers = client.message(*fields, body=body)
    assert answers[0][1].startswith(b"\0\0\0\0X-Not-Judged\0 the ")
    assert b"too large" in answers[0][1]
    assert server.told_of(client)["outcome"] == "failed"
    assert client.message((b"From", b" a"), body=b"")[0] == (b"i", b"\0\0\0\0X-Judged\0 yes\0")
