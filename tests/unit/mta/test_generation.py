# SPDX-License-Identifier: GPL-3.0-or-later
"""A generation as the supervisor sees it."""

from __future__ import annotations

import subprocess
import time
from dataclasses import asdict

import pytest

from postward.mta.generation import Generation
from postward.mta.leader import LOADED, READY, REFUSED, RETIRE, SILENT, STATUS
from postward.mta.link import KIND, open_link
from postward.observability.collector_settings import CollectorSettings

PATIENCE_S = 20
LOADED_MESSAGE = {KIND: LOADED, "collector": asdict(CollectorSettings()), "redis": None}


@pytest.fixture
def leader():
    """A process that stands for a leader, and its end of the line."""
    mine, theirs = open_link()
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield Generation(number=1, pid=process.pid, link=mine, heard_s=time.monotonic()), process, theirs
        process.kill()
    mine.close()
    theirs.close()


def test_it_loads_serves_and_retires(leader):
    generation, _, theirs = leader
    states = [generation.status()["state"]]
    generation.take(LOADED_MESSAGE)
    generation.take({KIND: READY})
    states.append(generation.status()["state"])
    generation.retire()
    generation.take({KIND: SILENT})
    states.append(generation.status()["state"])
    assert states == ["loading", "serving", "retiring"]
    assert (generation.collector, generation.is_silent) == (CollectorSettings(), True)
    assert [message[KIND] for message in theirs.receive()] == [RETIRE]


def test_one_that_still_loads_has_nobody_to_retire_and_just_ends(leader):
    generation, process, theirs = leader
    generation.retire()
    process.wait(PATIENCE_S)
    assert theirs.receive() == []


def test_what_its_leader_says_of_the_workers(leader):
    generation, _, _ = leader
    generation.take({KIND: STATUS, "is_healthy": True, "restarts": 2, "workers": [{"pid": 1}]})
    told = generation.status()
    assert (told["is_healthy"], told["restarts"], told["workers"]) == (True, 2, [{"pid": 1}])


def test_why_it_was_refused(leader):
    generation, _, _ = leader
    generation.take({KIND: REFUSED, "errors": ["no", "not at all"]})
    assert generation.errors == ["no", "not at all"]


def test_its_workers_end_with_it(leader):
    generation, process, _ = leader
    with subprocess.Popen(["sleep", "1000"]) as worker:
        generation.take({KIND: STATUS, "is_healthy": True, "restarts": 0, "workers": [{"pid": worker.pid}]})
        generation.kill()
        worker.wait(PATIENCE_S)
    process.wait(PATIENCE_S)
