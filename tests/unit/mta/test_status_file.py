# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor's status file: never in the way, and not complained of again and again."""

from __future__ import annotations

import json

import pytest

from postward.mta.status_file import StatusFile
from postward.observability.logger import EventLog

STATUS = {"state": "serving"}


@pytest.fixture
def log_file(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def log(log_file):
    with log_file.open("wb") as file:
        yield EventLog(fd=file.fileno())


def test_it_is_written_and_removed(tmp_path, log):
    path = tmp_path / "status.json"
    status_file = StatusFile(path, log)
    status_file.write(STATUS)
    assert json.loads(path.read_text()) == STATUS
    status_file.remove()
    status_file.remove()
    assert not path.exists()


def test_without_a_path_nothing_happens(log, log_file):
    status_file = StatusFile(None, log)
    status_file.write(STATUS)
    status_file.remove()
    assert log_file.read_text() == ""


def test_each_time_that_it_is_lost_is_told_of_once(tmp_path, log, log_file):
    directory = tmp_path / "state"
    status_file = StatusFile(directory / "status.json", log)
    for _ in range(2):
        status_file.write(STATUS)
    directory.mkdir()
    status_file.write(STATUS)
    (directory / "status.json").unlink()
    directory.rmdir()
    for _ in range(2):
        status_file.write(STATUS)
    assert log_file.read_text().count("event=status.not_written") == 2
