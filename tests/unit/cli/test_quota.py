# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward quota``: show and reset."""

from __future__ import annotations

import json

import pytest

from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.mailhost.stopped import go_on, hang
from tests.redis_servers.single import SingleRedis
from tests.unit.cli.program import postward

QUOTAS = """\
quotas:
  login: {messages_per_hour: 100, recipients_per_day: 2000, burst: 20}
  client: {concurrent: 3}
  overrides: {client: {192.0.2.0/24: {concurrent: 7}}}
"""


@pytest.fixture(scope="module")
def server():
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def quotas(server):
    calls = TimedCalls(server.target, CallBounds(wait_s=20))
    yield RedisQuotas(calls)
    calls.call(lambda client: client.execute_command("FLUSHALL"))
    calls.close()


@pytest.fixture
def run(tmp_path, server):
    def run(*arguments, redis=server.url):
        config = tmp_path / "postward.yaml"
        config.write_text(f"redis: {{url: '{redis}'}}\n{QUOTAS}" if redis else f"redis: {{url: null}}\n{QUOTAS}")
        return postward("quota", *arguments, "--config", config)

    return run


def send(quotas, subject, name, recipients, *, ends=True):
    request = QuotaRequest(
        subject=QuotaSubject(subject), name=name, recipients=recipients,
        limits=QuotaLimits(messages_per_day=10_000, concurrent=100),
    )  # fmt: skip
    assert quotas.begin(f"t{recipients}", [request], lease_s=60) == (None,)
    if ends:
        quotas.end([QuotaEnding(request=request, lease=f"t{recipients}", is_counted=True)], lease_s=60)


def test_what_was_sent_is_shown_beside_the_limits(run, quotas):
    send(quotas, "login", "alice@example.com", 1_500)
    send(quotas, "login", "alice@example.com", 2, ends=False)
    answer = run("show", "login:Alice@Example.COM")
    assert answer.stdout.splitlines() == [
        "login:alice@example.com",
        "  messages within an hour            2 of 100",
        "  messages within a day              2, no limit",
        "  recipients within an hour      1,502, no limit",
        "  recipients within a day        1,502 of 2,000",
        "  messages at this moment            1, no limit",
        "  up to 20 more within an hour now and then",
    ]
    assert answer.returncode == 0


def test_the_same_as_json(run, quotas):
    send(quotas, "client", "192.0.2.1", 3, ends=False)
    assert json.loads(run("show", "client:::ffff:192.0.2.1", "--json").stdout) == {
        "subject": "client",
        "name": "192.0.2.1",
        "used": {
            "messages_per_hour": 1, "messages_per_day": 1, "recipients_per_hour": 3, "recipients_per_day": 3,
            "concurrent": 1,
        },
        "limits": {
            "messages_per_hour": None, "messages_per_day": None, "recipients_per_hour": None,
            "recipients_per_day": None, "concurrent": 7,
        },
        "burst": 0,
    }  # fmt: skip


@pytest.mark.parametrize("network", ["192.0.2.0/24", "192.0.2.77"])
def test_a_network_is_found_by_its_addresses_too(run, quotas, network):
    send(quotas, "network", "192.0.2.0/24", 4)
    lines = run("show", f"network:{network}").stdout.splitlines()
    assert (lines[0], lines[-1]) == ("network:192.0.2.0/24", "  nothing is limited")


def test_whoever_is_reset_begins_anew(run, quotas):
    send(quotas, "tenant", "example.com", 5)
    answer = run("reset", "tenant:Example.com")
    assert (answer.stdout, answer.returncode) == ("tenant:example.com: forgotten\n", 0)
    answer = run("reset", "tenant:example.com")
    assert (answer.stdout, answer.returncode) == ("tenant:example.com: there is nothing to forget\n", 1)
    assert quotas.usage(QuotaSubject.TENANT, "example.com").messages_per_hour == 0


def test_nothing_that_a_terminal_would_obey_is_shown(run):
    assert "\x1b" not in run("show", "login:\x1b[2Jalice").stdout


@pytest.mark.parametrize(
    ("whose", "problem"),
    [
        ("alice", "is no SUBJECT:NAME; SUBJECT is one of login, tenant, client, network, recipient_domain"),
        ("user:alice", "is no SUBJECT:NAME"),
        ("login:", "is no SUBJECT:NAME"),
        ("client:example.com", "is no address and no network"),
        ("client:192.0.2.0/24", "is a network; a client is one address"),
        ("network:192.0.0.0/16", "is not counted as a whole"),
    ],
)
def test_who_cannot_be_meant_is_refused(run, whose, problem):
    answer = run("show", whose)
    assert answer.returncode == 2
    assert problem in answer.stderr


def test_without_redis_there_is_nobody_to_ask(run):
    answer = run("show", "login:alice", redis=None)
    assert answer.returncode == 2
    assert "there is no Redis" in answer.stderr


def test_a_redis_that_hangs_is_waited_for_no_longer_than_some_seconds(run, server):
    hang(server.pid)
    try:
        answer = run("show", "login:alice")
    finally:
        go_on(server.pid)
    assert answer.returncode == 75
    assert "try again" in answer.stderr
