# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.diagnose import reputation_store
from postward.app.diagnose.finding import Level
from postward.app.diagnose.reputation_store import check_redis
from postward.config import load
from postward.store.ping import PingOutcome


@pytest.fixture
def check(tmp_path):
    def check(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return check_redis(load(path), "root")

    return check


def test_a_fault_of_the_section_is_told_with_its_file_line_and_key(check, tmp_path):
    finding = check(f"# a comment\nredis:\n  url: redis://h\n  password_file: {tmp_path}/none\n")
    assert finding.level is Level.ERROR
    assert finding.message == (
        f"{tmp_path}/postward.yaml:4: redis.password_file: cannot be read: No such file or directory"
    )


def test_who_cannot_be_reached_is_told_in_the_words_of_the_system(check):
    finding = check("redis: {url: 'redis://:hidden@127.0.0.1:1'}\n")
    assert (finding.level, finding.message.partition(":")[0]) == (Level.ERROR, "Redis cannot be reached")
    assert "Connection refused" in finding.message
    assert "hidden" not in finding.message


def test_none_is_right_too(check):
    assert check("redis: {url: null}\n").level is Level.OK


def test_each_outcome_has_words():
    assert reputation_store._WORDS.keys() | {PingOutcome.OK} == set(PingOutcome)
