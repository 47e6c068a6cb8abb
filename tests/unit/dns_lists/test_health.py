# SPDX-License-Identifier: GPL-3.0-or-later
"""When a list is believed."""

from __future__ import annotations

import pytest

from postward.dns_lists.health import PAUSE_S, PROBED_AGAIN_S, RETRIED_S, ListHealth
from tests.clock import Clock
from tests.unit.dns_lists.lists import CLIENTS, Told


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def health(clock, told):
    return ListHealth((CLIENTS,), clock, told)


def test_a_list_is_not_believed_before_it_was_probed(health, told):
    assert health.fault(CLIENTS)
    assert health.is_due(CLIENTS)
    assert told.events == []


def test_a_good_probe_has_it_believed_and_is_repeated(health, clock, told):
    health.probed(CLIENTS, "")
    assert not health.fault(CLIENTS)
    assert not health.is_due(CLIENTS)
    clock.now_s += PROBED_AGAIN_S
    assert health.is_due(CLIENTS)
    assert told.events == []


def test_a_bad_probe_switches_it_off_with_one_alarm_until_a_good_one(health, clock, told):
    for _ in range(3):
        health.probed(CLIENTS, "it lists everybody")
        clock.now_s += RETRIED_S
        assert health.is_due(CLIENTS)
    assert health.fault(CLIENTS) == "it lists everybody"
    health.probed(CLIENTS, "")
    assert not health.fault(CLIENTS)
    assert told.events == [("clients", "it lists everybody"), ("clients", "on")]


def test_one_that_left_a_message_waiting_is_probed_soon(health, clock):
    health.probed(CLIENTS, "")
    clock.now_s += 10
    health.doubted(CLIENTS)
    assert not health.is_due(CLIENTS)
    assert not health.fault(CLIENTS)
    clock.now_s += RETRIED_S - 10
    assert health.is_due(CLIENTS)


def test_doubt_shortens_no_pause(health, clock):
    health.refused(CLIENTS, "too many questions")
    health.doubted(CLIENTS)
    clock.now_s += RETRIED_S
    assert not health.is_due(CLIENTS)


def test_an_error_switches_it_off_for_an_hour_with_one_alarm(health, clock, told):
    health.probed(CLIENTS, "")
    health.refused(CLIENTS, "too many questions")
    health.refused(CLIENTS, "too many questions")
    clock.now_s += PAUSE_S - 1
    assert not health.is_due(CLIENTS)
    clock.now_s += 1
    assert health.is_due(CLIENTS)
    assert health.fault(CLIENTS)
    health.probed(CLIENTS, "")
    assert told.events == [("clients", "too many questions"), ("clients", "on")]
