# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of lists is told, and never with a key."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from postward.app.dns_list_reporting import ListReporting
from postward.dns_lists.answer import ListStatus
from postward.dns_lists.presets.all_presets import PRESETS
from postward.observability.families import DNS_LIST_ANSWERS, DNS_LIST_OFF
from postward.observability.logger import EventLog
from postward.observability.metrics import WorkerMetrics

ZONE = replace(PRESETS["spamhaus_zen_dqs"], key="s3cret")


@pytest.fixture
def log_file(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def metrics():
    return WorkerMetrics({"list": frozenset({ZONE.name})})


@pytest.fixture
def reporting(log_file, metrics):
    descriptor = os.open(log_file, os.O_WRONLY | os.O_CREAT)
    yield ListReporting((ZONE,), EventLog(fd=descriptor), metrics)
    os.close(descriptor)


def test_a_list_that_is_switched_off_raises_an_alarm(reporting, log_file, metrics):
    assert metrics.take()[DNS_LIST_OFF.name, (ZONE.name,)] == 0
    reporting.switched_off(ZONE, "nothing at 2.0.0.127.s3cret.zen.dq.spamhaus.net")
    assert metrics.take()[DNS_LIST_OFF.name, (ZONE.name,)] == 1
    line = log_file.read_text()
    assert "dns_list.off" in line
    assert "spamhaus_zen_dqs" in line
    assert "s3cret" not in line


def test_and_when_it_is_back_the_alarm_ends(reporting, log_file, metrics):
    reporting.switched_off(ZONE, "it lists everybody")
    reporting.switched_on(ZONE)
    assert metrics.take()[DNS_LIST_OFF.name, (ZONE.name,)] == 0
    assert "dns_list.on" in log_file.read_text()


def test_answers_are_counted(reporting, metrics):
    reporting.count(ZONE, ListStatus.LISTED)
    assert metrics.take()[DNS_LIST_ANSWERS.name, (ZONE.name, "listed")] == 1
