# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import signal
import subprocess
from dataclasses import dataclass, field

import pytest

from postward.mta.crew import Crew, Workplace
from postward.mta.hand import Hand
from postward.mta.link import open_link
from postward.mta.settings import MtaSettings
from postward.mta.worker import HEARTBEAT, READY
from postward.observability.logger import EventLog
from tests.clock import Clock

PATIENCE_S = 20


@dataclass
class Loaded:
    workers: int = 1
    settings: MtaSettings = field(default_factory=MtaSettings)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def crew(clock):
    return Crew(Workplace(loaded=Loaded(), listener=None, channel=None, log=EventLog()), monotonic=clock)


@pytest.fixture
def worker(crew, clock):
    """A worker that has come up and says nothing of its own accord: its process, and its end of the line."""
    mine, theirs = open_link()
    with subprocess.Popen(["sleep", "1000"]) as process:
        crew.hands[process.pid] = Hand(
            pid=process.pid, index=0, link=mine, started_s=clock.now_s, heard_s=clock.now_s, is_ready=True
        )
        yield process, theirs
        process.kill()
    mine.close()
    theirs.close()


def beat(link, **changed):
    told = {"sessions": 0, "messages": 0, "oldest_s": 0.0, "stuck": 0, "dropped": 0}
    assert link.send(HEARTBEAT, **(told | changed))


def pass_time(crew, clock, seconds):
    for _ in range(seconds):
        clock.now_s += 1
        crew.watch()


def test_a_worker_that_is_not_heard_of_is_killed(crew, clock, worker):
    process, link = worker
    pass_time(crew, clock, 15)
    beat(link)
    crew.hear()
    pass_time(crew, clock, 15)
    assert process.poll() is None
    assert crew.is_healthy
    pass_time(crew, clock, 10)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL


def test_a_worker_that_takes_its_time_to_die_is_killed_once(crew, clock, worker, capfd):
    process, _ = worker
    pass_time(crew, clock, 30)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    assert capfd.readouterr().err.count("event=worker.killed") == 1


def test_nobody_is_blamed_for_time_in_which_the_leader_itself_did_not_run(crew, clock, worker):
    process, _ = worker
    pass_time(crew, clock, 1)
    clock.now_s += 3600
    pass_time(crew, clock, 1)
    assert process.poll() is None
    assert crew.is_healthy
    pass_time(crew, clock, 25)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL


def test_a_message_that_hangs_past_its_deadline_costs_the_worker_its_life(crew, clock, worker):
    process, link = worker
    beat(link, oldest_s=69.0)
    crew.hear()
    crew.watch()
    assert process.poll() is None
    beat(link, oldest_s=71.0)
    crew.hear()
    crew.watch()
    assert process.wait(PATIENCE_S) == -signal.SIGKILL


def test_those_that_serve_are_not_killed_with_the_crew(crew, clock, worker):
    process, link = worker
    crew.disband()
    assert process.poll() is None
    crew.hands[process.pid].is_ready = False
    crew.disband()
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    assert link.send(READY)


def test_what_workers_could_not_report_is_added_up(crew, worker):
    _, link = worker
    for dropped in (0, 3, 3, 5):
        beat(link, dropped=dropped)
        crew.hear()
    assert crew.unreported == 5
