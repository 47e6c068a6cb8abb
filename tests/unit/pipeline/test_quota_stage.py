# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from datetime import date
from ipaddress import ip_network

import pytest

from postward.model.action import Plan, Reply
from postward.model.estimate import ReputationResult
from postward.model.identity import Identity, IdentityKind
from postward.model.origin import Direction
from postward.model.quota import QuotaSubject, QuotaUnit
from postward.model.quota_limits import QuotaLimits
from postward.model.redis_target import RedisTarget
from postward.model.reputation import Record
from postward.model.verdict import Decision, Verdict
from postward.pipeline.quota_policy import (
    Allowance,
    NetworkAllowances,
    SubjectPolicy,
    TrustFactors,
    WarmUp,
)
from postward.reputation.estimate import below, of_everybody
from postward.store.spending import spending
from postward.store.timed_calls import TimedCalls
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.mailhost.stopped import go_on, hang
from tests.unit.pipeline.quota_host import HAM, Calls, Host

REFUSAL = Plan(reply=Reply(code=550, enhanced="5.7.1", text="No"))


@pytest.fixture(scope="module")
def redis_server():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        yield server


@pytest.fixture
def calls(redis_server):
    calls = Calls(redis_server.url)
    yield calls
    calls.client.flushall()
    calls.client.close()


@pytest.fixture
def host(calls):
    host = Host(calls)
    yield host
    for stage in host.stages:
        stage.close()


def limits(**values):
    return QuotaLimits(**values)


def test_a_user_may_send_so_much_and_is_told_why_no_more(host):
    host.limit(login=limits(messages_per_hour=3))
    assert host.sent(user="alice@example.com") == 3
    message = host.judge(host.message(user="Alice@Example.COM"))
    assert message.decision.verdict is Verdict.DEFER
    assert (message.decision.reply.code, message.decision.reply.enhanced) == (451, "4.7.1")
    assert message.decision.reply.text.startswith(
        "Too many messages from this account within an hour, at most 3 are allowed; please try again in "
    )
    assert message.decision.reason == ("score 0; over the limit of login:alice@example.com: 3 messages within an hour")
    assert message.facts.quota.excess.used == 3
    assert host.watcher.told == [(QuotaSubject.LOGIN, QuotaUnit.MESSAGES_PER_HOUR)]
    assert host.sent(user="bob@example.com") == 3


def test_a_limit_may_refuse_for_good(host):
    host.limit(login=limits(messages_per_hour=1), rejects=True)
    assert host.sent(user="alice") == 1
    decision = host.send(user="alice")
    assert (decision.verdict, decision.reply.code, decision.reply.enhanced) == (Verdict.REJECT, 554, "5.7.1")
    assert decision.reply.text == "Too many messages from this account within an hour, at most 1 are allowed"


def test_strangers_are_not_told_the_limit(host):
    host.limit(client=limits(messages_per_hour=7))
    assert host.sent() == 7
    text = host.send().reply.text
    assert text.startswith("Too many messages from this client within an hour; please try again in ")
    assert "7" not in text
    assert host.sent(client="203.0.113.10") == 7


def test_a_network_and_a_tenant_count_all_of_theirs_together(host):
    host.limit(network=limits(messages_per_hour=4), tenant=limits(messages_per_hour=5))
    assert host.sent(client="203.0.113.9") == 4
    assert host.sent(client="203.0.113.200") == 0
    assert host.sent(client="203.0.114.9") == 4
    assert host.sent(client="2001:db8::1") == 4
    assert host.sent(client="2001:db8::2:1") == 0
    assert [host.sent(user=user, most=3) for user in ("a@example.com", "b@EXAMPLE.com", "c@example.com")] == [3, 2, 0]
    assert host.sent(user="a@example.com", tenant="other.example") == 5


@pytest.mark.parametrize("direction", [Direction.LOOPBACK, Direction.REINJECTED])
def test_mail_of_this_host_is_not_limited(host, direction):
    host.limit(client=limits(messages_per_hour=1), recipient_domain=limits(messages_per_hour=1))
    assert host.sent(direction=direction, client="127.0.0.1", most=5) == 5


def test_recipients_count_by_domain(host):
    host.limit(recipient_domain=limits(recipients_per_hour=3))
    assert host.send(recipients=("a@one.example", "b@One.example", "a@two.example")) is HAM
    assert host.send(recipients=("a@two.example", "b@two.example")) is HAM
    decision = host.send(recipients=("a@one.example", "b@one.example", "a@three.example"))
    assert decision.reply.text.startswith("Too many recipients to one domain within an hour")
    # Of the others nothing was taken either.
    assert host.sent(recipients=("a@three.example",)) == 3


def test_one_message_with_too_many_recipients_never_passes(host):
    host.limit(login=limits(recipients_per_hour=2, burst=1))
    decision = host.send(user="alice", recipients=[f"{number}@example.net" for number in range(4)])
    assert (decision.verdict, decision.reply.code) == (Verdict.REJECT, 554)
    assert decision.reply.text == (
        "Too many recipients of one message from this account, at most 2 are allowed; please send it to fewer at a time"
    )
    assert host.send(user="alice", recipients=[f"{number}@example.net" for number in range(3)]) is HAM


@pytest.mark.parametrize("outcome", ["evaluated", "aborted"])
def test_what_is_not_taken_counts_nothing(host, outcome):
    host.limit(login=limits(messages_per_hour=1, concurrent=1))
    for _ in range(5):
        assert host.send(user="alice", plan=REFUSAL, outcome=outcome) is HAM
    assert host.sent(user="alice") == 1


def test_what_was_judged_too_late_passes_and_counts(host):
    host.limit(login=limits(messages_per_hour=1))
    host.send(user="alice", outcome="timed_out")
    assert host.sent(user="alice") == 0


@pytest.mark.parametrize("verdict", [Verdict.DEFER, Verdict.REJECT])
def test_what_is_refused_anyway_is_not_measured(host, verdict):
    host.limit(login=limits(messages_per_hour=1))
    decision = Decision(verdict=verdict, reason="r")
    message = host.judge(host.message(user="alice"), decision=decision)
    assert message.decision is decision
    assert message.facts.quota is None


def test_only_so_many_are_judged_at_the_same_time(host):
    host.limit(workers=2, client=limits(concurrent=2))
    first, second = (host.judge(host.message(), worker=worker) for worker in (0, 1))
    third = host.judge(host.message(), worker=1)
    assert [first.decision, second.decision] == [HAM, HAM]
    assert third.decision.reply.text == "Too many messages from this client at the same time; please try again later"
    host.finish(third, worker=1)
    host.finish(first, worker=0)
    assert host.judge(host.message()).decision is HAM


def test_a_place_is_taken_before_the_checks(host):
    host.limit(login=limits(concurrent=1, messages_per_hour=5))
    early, late = host.message(user="alice"), host.message(user="alice")
    host.stages[0].enter(early)
    assert host.judge(late).decision.verdict is Verdict.DEFER
    host.finish(late)
    assert host.judge(early).decision is HAM
    host.finish(early)
    assert host.sent(user="alice") == 4


def test_names_have_limits_of_their_own(host):
    named = {"alice": Allowance(limits=limits(messages_per_hour=4)), "root": Allowance(limits=limits())}
    host.limit(login=SubjectPolicy(default=Allowance(limits=limits(messages_per_hour=2)), named=named))
    assert [host.sent(user=user, most=9) for user in ("alice", "bob", "root")] == [4, 2, 9]


def test_the_logins_of_a_tenant_may_have_limits_of_their_own(host):
    named = {
        "@example.com": Allowance(limits=limits(messages_per_hour=4)),
        "boss@example.com": Allowance(limits=limits(messages_per_hour=6)),
    }
    host.limit(login=SubjectPolicy(default=Allowance(limits=limits(messages_per_hour=2)), named=named))
    users = ("alice@example.com", "bob@EXAMPLE.com", "boss@example.com", "carol@example.net", "dave")
    assert [host.sent(user=user) for user in users] == [4, 4, 6, 2, 2]
    assert host.sent(user="erin", tenant="example.com") == 4


def test_the_narrowest_network_counts(host):
    networks = NetworkAllowances([
        (ip_network("203.0.113.0/24"), Allowance(limits=limits(messages_per_hour=3))),
        (ip_network("203.0.113.9"), Allowance(limits=limits(messages_per_hour=5))),
    ])  # fmt: skip
    host.limit(
        client=SubjectPolicy(default=Allowance(limits=limits(messages_per_hour=1)), networks=networks),
        network=SubjectPolicy(networks=networks),
    )
    assert [host.sent(client=client) for client in ("198.51.100.1", "203.0.113.10")] == [1, 3]


def seen(client, *, good=0.0, bad=0.0):
    """What reputation says of an address, in a network of which nothing is known."""
    record = Record(good=good, bad=bad, hard=0.0, seen=good + bad, first_s=0, last_s=0)
    network = below(of_everybody(None), Identity(IdentityKind.NETWORK, "n"), None)
    address = below(network, Identity(IdentityKind.IP, client), record)
    return ReputationResult(estimates={IdentityKind.NETWORK: network, IdentityKind.IP: address})


def test_what_is_known_of_a_client_makes_its_limits_wider_or_narrower(host):
    host.limit(
        client=SubjectPolicy(
            default=Allowance(limits=limits(messages_per_hour=10)), factors=TrustFactors(least=0.1, most=4)
        )
    )
    good, bad = "203.0.113.1", "203.0.114.1"
    known = {good: seen(good, good=100_000), bad: seen(bad, bad=100_000)}
    assert [host.sent(client=client, known=known.get(client)) for client in (good, bad, "203.0.115.1")] == [39, 1, 10]


@pytest.mark.parametrize(("since", "most"), [(date(2027, 1, 1), 4), (date(2026, 9, 20), 6), (date(2026, 9, 18), 13)])
def test_a_warm_up_grows_from_day_to_day(host, since, most):
    # NOW_S is the 21st of September 2026.
    warm_up = WarmUp(since=since, start_per_day=4, growth=1.5)
    host.limit(tenant=SubjectPolicy(named={"new.example": Allowance(limits=limits(), warm_up=warm_up)}))
    assert host.sent(user="a@new.example") == most
    assert host.sent(user="a@old.example", most=20) == 20


def test_a_warm_up_ends_at_the_limit(host):
    allowance = Allowance(
        limits=limits(messages_per_day=5), warm_up=WarmUp(since=date(1990, 1, 1), start_per_day=4, growth=10)
    )
    host.limit(tenant=SubjectPolicy(named={"new.example": allowance}))
    assert host.sent(user="a@new.example") == 5


def test_without_redis_each_worker_has_its_share(host):
    host.limit(workers=2, with_redis=False, login=limits(messages_per_hour=6), client=limits(messages_per_hour=4))
    assert [host.sent(user="alice", worker=worker) for worker in (0, 1)] == [3, 3]
    assert [host.sent(worker=worker) for worker in (0, 1)] == [2, 2]


def test_while_redis_is_silent_our_users_have_a_share_and_others_are_not_limited(host, calls):
    host.limit(workers=2, login=limits(messages_per_hour=6), client=limits(messages_per_hour=4))
    calls.is_silent = True
    assert [host.sent(user="alice", worker=worker) for worker in (0, 1)] == [3, 3]
    assert host.sent(most=20) == 20
    message = host.judge(host.message(user="bob"))
    assert (message.facts.quota.is_local, message.facts.not_checked) == (True, {})
    message = host.judge(host.message())
    assert message.facts.not_checked == {"quota": "Redis did not answer"}


@pytest.mark.parametrize(("user", "is_local"), [("alice", True), ("", False)])
def test_a_redis_that_hangs_costs_a_message_no_more_than_agreed(redis_server, host, user, is_local):
    calls = TimedCalls(RedisTarget(socket_path=f"{redis_server.root}/redis.sock"))
    host.calls = calls
    host.limit(login=limits(messages_per_hour=6, concurrent=5), client=limits(messages_per_hour=4, concurrent=5))
    hang(redis_server.pid)
    try:
        message = host.message(user=user)
        before_s = time.monotonic()
        with spending(message.redis_budget):
            host.judge(message)
        took_s = time.monotonic() - before_s
    finally:
        go_on(redis_server.pid)
        calls.close()
    assert message.decision is HAM
    assert message.facts.quota.is_local == is_local
    # 0.15 s, and a second where the machine is so busy that it cannot tell whether Redis is.
    assert took_s < 5


def test_what_went_through_before_counts_for_the_share(host, calls):
    host.limit(workers=2, login=limits(messages_per_hour=6))
    for _ in range(2):
        assert host.send(user="alice") is HAM
    calls.is_silent = True
    assert [host.sent(user="alice", worker=worker) for worker in (0, 1)] == [1, 3]


def test_what_went_through_meanwhile_is_counted_when_redis_is_back(host, calls):
    host.limit(workers=2, login=limits(messages_per_hour=6), client=limits(messages_per_hour=4))
    calls.is_silent = True
    for worker in (0, 1):
        for _ in range(2):
            assert host.send(user="alice", worker=worker) is HAM
            assert host.send(worker=worker) is HAM
    calls.is_silent = False
    for stage in host.stages:
        host.wait_for(stage)
    assert host.sent(user="alice") == 2
    assert host.sent() == 0


def test_what_nobody_waits_for_any_more_takes_nothing(host):
    host.limit(login=limits(messages_per_hour=1))
    given_up = host.message(user="alice")
    given_up.is_given_up = True
    assert host.judge(given_up).decision is HAM
    assert host.sent(user="alice") == 1
