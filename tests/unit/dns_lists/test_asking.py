# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to a real name server, all at once."""

from __future__ import annotations

import time

import pytest

from postward.dns.answer import Outcome
from postward.dns.cares import CaresResolver, DnsSettings
from postward.dns_lists.asking import ResolverAsking
from tests.mailhost.name_server import NameServer

NAMES = [f"d{number}.dbl.example" for number in range(40)]


@pytest.fixture
def server():
    zone = {"d7.dbl.example": {"A": "127.0.1.2"}, "slow.dbl.example": ["TIMEOUT"]}
    with NameServer(zone) as running:
        yield running


@pytest.fixture
def resolver(server):
    settings = DnsSettings(servers=(server.address,), timeout_s=5.0, tries=1)
    made = CaresResolver(settings)
    yield made
    made.close()


def test_all_are_answered(resolver):
    answers = ResolverAsking(resolver).answers(NAMES, 10.0)
    assert {name for name, answer in answers.items() if answer.outcome is Outcome.OK} == {"d7.dbl.example"}
    assert len(answers) == len(NAMES)


def test_one_that_is_silent_costs_the_time_that_all_have_and_no_answer_of_others(resolver):
    started = time.monotonic()
    answers = ResolverAsking(resolver).answers([*NAMES, "slow.dbl.example"], 0.5)
    assert time.monotonic() - started < 4.0
    assert set(answers) == set(NAMES)


def test_what_was_asked_ahead_is_not_asked_again(resolver, server):
    asking = ResolverAsking(resolver)
    asking.ask_ahead(NAMES)
    asking.answers(NAMES, 10.0)
    queries = sum(resolver.statistics().queries.values())
    asking.ask_ahead(NAMES)
    assert len(asking.answers(NAMES, 0.0)) == len(NAMES)
    assert sum(resolver.statistics().queries.values()) == queries == len(NAMES)
