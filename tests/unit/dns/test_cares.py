# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address

import pytest

from postward.dns.answer import Mx, Outcome, RecordType
from postward.dns.budget import MessageBudget
from postward.dns.cares import CaresResolver
from postward.dns.settings import DnsSettings
from postward.errors import UsageError
from postward.observability.logger import EventLog
from tests.dns_fixture import DnsFixture

WAIT_S = 10.0
BIG = [{"TXT": "x" * 60_000}]
ZONE = {
    "example.com": [
        {"A": "192.0.2.1"},
        {"A": "192.0.2.2"},
        {"AAAA": "2001:db8::1"},
        {"MX": [10, "Mx.Example.com"]},
        {"MX": [0, ""]},
        {"NS": "NS.example."},
        {"TXT": ["v=spf1", " -all"]},
        {"TXT": "caf\xe9"},
        {"TXT": b"\x80\xff"},
        {"TXT": ""},
    ],
    "nul.example.com": [{"TXT": "v=spf1 +all\0garbage"}],
    "1.2.0.192.in-addr.arpa": [{"PTR": "A.example."}, {"PTR": "b.example"}],
    "alias.example.com": [{"CNAME": "Alias2.example.com"}],
    "alias2.example.com": [{"CNAME": "example.com"}],
    "dangling.example.com": [{"CNAME": "nowhere.invalid"}],
    "loop.example.com": [{"CNAME": "loop.example.com"}],
    "big.example.com": BIG,
    "dead.example.com": "TIMEOUT",
    "sick.example.com": "SERVFAIL",
    "xn--bcher-kva.example.com": [{"A": "192.0.2.3"}],
    "prvs=1+a b@c.example.com": [{"A": "192.0.2.4"}, {"TXT": "odd"}],
    "back\\slash.example.com": [{"A": "192.0.2.5"}],
    "*.example.com": [{"A": "192.0.2.6"}],
}


@pytest.fixture
def server():
    with DnsFixture(ZONE) as fixture:
        yield fixture


@pytest.fixture
def resolver(server, make_resolver):
    return make_resolver(server.address, timeout_s=1.0, tries=2)


@pytest.mark.parametrize(
    ("name", "record_type", "records"),
    [
        ("example.com", "A", {IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2")}),
        ("EXAMPLE.COM.", "AAAA", {IPv6Address("2001:db8::1")}),
        ("example.com", "MX", {Mx(10, "mx.example.com"), Mx(0, "")}),
        ("example.com", "NS", {"ns.example"}),
        ("example.com", "TXT", {b"v=spf1 -all", b"caf\xc3\xa9", b"\x80\xff", b""}),
        ("nul.example.com", "TXT", {b"v=spf1 +all\0garbage"}),
        ("1.2.0.192.in-addr.arpa", "PTR", {"a.example", "b.example"}),
        ("alias.example.com", "TXT", {b"v=spf1 -all", b"caf\xc3\xa9", b"\x80\xff", b""}),
        ("alias.example.com", "CNAME", {"alias2.example.com"}),
        ("big.example.com", "TXT", {b"x" * 60_000}),
        ("bücher.example.com", "A", {IPv4Address("192.0.2.3")}),
        ("prvs=1+a b@c.example.com", "A", {IPv4Address("192.0.2.4")}),
        ("prvs=1+a b@c.example.com", "TXT", {b"odd"}),
        ("back\\slash.example.com", "A", {IPv4Address("192.0.2.5")}),
        ("*.example.com", "A", {IPv4Address("192.0.2.6")}),
    ],
)
def test_records_come_as_the_contract_says(resolver, name, record_type, records):
    answer = resolver.resolve(name, RecordType(record_type), WAIT_S)
    assert answer.outcome is Outcome.OK
    assert set(answer.records) == records
    assert len(answer.records) == len(records)
    assert answer.ttl_s == 60


@pytest.mark.parametrize("name", ["{}.example.com", "od+d.{}.example.com"])
@pytest.mark.parametrize(
    ("label", "outcome"),
    [("absent", Outcome.NXDOMAIN), ("dead", Outcome.TIMEOUT), ("sick", Outcome.SERVFAIL), ("other", Outcome.NODATA)],
)
def test_the_kinds_of_nothing_are_told_apart(server, resolver, name, label, outcome):
    value = {"dead": "TIMEOUT", "sick": "SERVFAIL", "other": [{"MX": [1, "mx"]}]}
    server.set({name.format(label): value[label]} if label in value else {})
    answer = resolver.resolve(name.format(label), RecordType.A, WAIT_S)
    assert (answer.outcome, answer.records) == (outcome, ())


def test_an_inner_name_exists(resolver):
    assert resolver.resolve("com", RecordType.A, WAIT_S).outcome is Outcome.NODATA


def test_a_loop_of_cnames_is_a_failure(resolver):
    assert resolver.resolve("loop.example.com", RecordType.A, WAIT_S).outcome is Outcome.SERVFAIL


def test_what_cannot_be_a_name_is_not_asked(server, resolver):
    for name in ("", "a..b", "x" * 64, "\ud800", "x." * 200):
        assert resolver.resolve(name, RecordType.A, WAIT_S).outcome is Outcome.NXDOMAIN
    assert server.queries == []


def test_only_the_name_itself_is_asked_for(server, resolver):
    resolver.resolve("mail", RecordType.A, WAIT_S)
    assert server.asked() == ["mail"]


def test_a_long_answer_is_fetched_over_tcp(server, resolver):
    for name in ("big.example.com", "bi+g.example.com"):
        server.set({name: BIG})
        assert resolver.resolve(name, RecordType.TXT, WAIT_S).texts() == (b"x" * 60_000,)
        assert [query.tcp for query in server.queries if query.name == name] == [False, True]


def test_an_answer_is_asked_for_once_and_again_when_its_time_is_over(server, make_resolver, clock):
    resolver = make_resolver(server.address, clock=clock, min_ttl_s=5, failure_ttl_s=2)
    for name, lifetime_s in [("example.com", 60), ("absent.example.com", 30), ("sick.example.com", 2)]:
        resolver.resolve(name, RecordType.TXT, WAIT_S)
        asked = len(server.queries)
        clock.advance(lifetime_s - 1)
        resolver.resolve(name, RecordType.TXT, WAIT_S)
        assert len(server.queries) == asked
        clock.advance(1)
        assert resolver._cache.get((name, RecordType.TXT)) is None
    assert resolver.statistics().cache_hits == 3


def test_the_time_to_live_is_that_of_the_answer(make_resolver):
    with DnsFixture({"example.com": [{"TXT": "x"}, {"A": "192.0.2.1"}]}, ttl_s=1234) as server:
        resolver = make_resolver(server.address)
        for record_type in (RecordType.TXT, RecordType.A):
            assert resolver.resolve("example.com", record_type, WAIT_S).ttl_s == 1234


def test_the_same_question_is_in_flight_once(make_resolver):
    with DnsFixture(ZONE, delay_s=0.2) as server:
        resolver = make_resolver(server.address)
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: resolver.resolve("example.com", RecordType.A, WAIT_S), range(20)))
        assert {answer.outcome for answer in answers} == {Outcome.OK}
        assert server.asked() == ["example.com"]
        statistics = resolver.statistics()
        assert statistics.joined + statistics.cache_hits == 19
        assert statistics.in_flight == 0


def test_different_questions_do_not_wait_for_one_another(make_resolver):
    names = [f"{number}.example.com" for number in range(100)]
    with DnsFixture({name: [{"A": "192.0.2.1"}] for name in names}, delay_s=0.2) as server:
        resolver = make_resolver(server.address, timeout_s=10.0)
        with ThreadPoolExecutor(100) as pool:
            answers = list(pool.map(lambda name: resolver.resolve(name, RecordType.A, WAIT_S), names))
        assert {answer.outcome for answer in answers} == {Outcome.OK}


def test_a_waiter_gives_up_at_its_own_time_and_the_answer_still_reaches_the_cache(make_resolver):
    with DnsFixture(ZONE, delay_s=0.3) as server:
        resolver = make_resolver(server.address, timeout_s=WAIT_S)
        assert resolver.resolve("example.com", RecordType.A, 0.01).outcome is Outcome.TIMEOUT
        assert resolver.resolve("example.com", RecordType.A, WAIT_S).outcome is Outcome.OK
        assert server.asked() == ["example.com"]


@pytest.mark.parametrize("name", ["dead.example.com", "de+ad.example.com"])
def test_a_dead_domain_is_given_up_in_time_and_not_asked_again_at_once(server, make_resolver, name):
    server.set({name: "TIMEOUT"})
    resolver = make_resolver(server.address, timeout_s=0.3, tries=1, failure_ttl_s=60)
    assert resolver.resolve(name, RecordType.A, WAIT_S).outcome is Outcome.TIMEOUT
    asked = len(server.queries)
    assert resolver.resolve(name, RecordType.A, WAIT_S).outcome is Outcome.TIMEOUT
    assert len(server.queries) == asked >= 1


def test_what_was_asked_ahead_is_there_when_it_is_needed(server, resolver):
    came = threading.Event()
    answers = []
    resolver.prefetch("Example.com", RecordType.A, lambda answer: (answers.append(answer), came.set()))
    assert came.wait(WAIT_S)
    assert resolver.resolve("example.com", RecordType.A, 0.0) == answers[0]
    assert server.asked() == ["example.com"]


def test_asking_ahead_tells_of_known_answers_and_impossible_names_too(resolver):
    resolver.resolve("example.com", RecordType.A, WAIT_S)
    came = [threading.Event(), threading.Event()]
    answers = {}
    for name, event in zip(["example.com", "a..b"], came, strict=True):
        resolver.prefetch(name, RecordType.A, lambda answer, n=name, e=event: (answers.update({n: answer}), e.set()))
    assert all(event.wait(WAIT_S) for event in came)
    assert (answers["example.com"].outcome, answers["a..b"].outcome) == (Outcome.OK, Outcome.NXDOMAIN)


def test_asking_ahead_may_ask_on_from_the_answer(server, resolver):
    came = threading.Event()

    def then(answer):
        for exchange in answer.exchanges():
            resolver.prefetch(exchange.host or "null.example", RecordType.A, lambda _: came.set())

    resolver.prefetch("example.com", RecordType.MX, then)
    assert came.wait(WAIT_S)


def test_a_callback_that_fails_harms_nobody(server, tmp_path):
    with (tmp_path / "log").open("w+b", buffering=0) as log:
        resolver = CaresResolver(DnsSettings(servers=(server.address,)), log=EventLog(fd=log.fileno()))
        try:
            resolver.post(lambda: 1 / 0)
            resolver.prefetch("example.com", RecordType.A, lambda answer: answer.no_such_attribute)
            assert resolver.resolve("example.com", RecordType.A, WAIT_S).outcome is Outcome.OK
        finally:
            resolver.close()
        assert b"ZeroDivisionError" in (tmp_path / "log").read_bytes()
        assert b"no_such_attribute" in (tmp_path / "log").read_bytes()


def test_a_message_has_its_budget(server, resolver):
    lookup = resolver.lookup(MessageBudget(max_queries=2, deadline_s=time.monotonic() + 60))
    outcomes = [lookup(name, RecordType.A).outcome for name in ("example.com", "com", "example.com", "absent")]
    assert outcomes == [Outcome.OK, Outcome.NODATA, Outcome.OK, Outcome.BUDGET]
    late = resolver.lookup(MessageBudget(max_queries=2, deadline_s=time.monotonic()))
    assert late("example.com", RecordType.A).outcome is Outcome.BUDGET


def test_the_budget_bounds_the_wait(server, make_resolver):
    resolver = make_resolver(server.address, timeout_s=WAIT_S)
    started_s = time.monotonic()
    lookup = resolver.lookup(MessageBudget(max_queries=9, deadline_s=started_s + 0.1))
    assert lookup("dead.example.com", RecordType.A).outcome is Outcome.TIMEOUT
    assert time.monotonic() - started_s < WAIT_S / 2


def test_too_many_queries_in_flight_fail_at_once(make_resolver):
    with DnsFixture({}) as server:
        server.set({f"{number}.example": "TIMEOUT" for number in range(10)})
        resolver = make_resolver(server.address, timeout_s=WAIT_S, max_in_flight=5)
        for number in range(5):
            resolver.prefetch(f"{number}.example", RecordType.A)
        assert resolver.resolve("9.example", RecordType.A, WAIT_S).outcome is Outcome.SERVFAIL
        assert resolver.statistics().refused == 1


def test_what_happens_is_counted_and_observed(server):
    seen = []
    resolver = CaresResolver(DnsSettings(servers=(server.address,)), observe=lambda *query: seen.append(query))
    try:
        for name in ("example.com", "example.com", "absent.example.com", "sick.example.com"):
            resolver.resolve(name, RecordType.TXT, WAIT_S)
        statistics = resolver.statistics()
    finally:
        resolver.close()
    assert statistics.queries == {
        (RecordType.TXT, Outcome.OK): 1,
        (RecordType.TXT, Outcome.NXDOMAIN): 1,
        (RecordType.TXT, Outcome.SERVFAIL): 1,
    }
    assert sum(statistics.failures.values()) == 1
    assert (statistics.cache_hits, statistics.cache_entries) == (1, 3)
    assert statistics.cache_bytes > 0
    assert [(record_type, outcome) for record_type, outcome, _ in seen] == list(statistics.queries)
    assert all(0 <= duration_s < WAIT_S for _, _, duration_s in seen)


def test_closing_answers_whoever_waits(server):
    resolver = CaresResolver(DnsSettings(servers=(server.address,), timeout_s=60))
    sent = threading.Event()
    server.tamper = lambda _query, _answer, _tcp: (sent.set() if len(server.queries) > 1 else None, [])[1]
    server.set({"dead.example.com": "TIMEOUT", "d+d.example.com": "TIMEOUT"})
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(resolver.resolve, name, RecordType.A, 60.0) for name in ("dead.example.com", "d+d.example.com")
        ]
        resolver.prefetch("more.example.com", RecordType.A)
        assert sent.wait(WAIT_S)
        resolver.close()
        assert {future.result(WAIT_S).outcome for future in waiting} == {Outcome.SERVFAIL}
    assert resolver.resolve("example.com", RecordType.A, WAIT_S).outcome is Outcome.SERVFAIL
    resolver.prefetch("example.com", RecordType.A)
    resolver.close()


@pytest.mark.parametrize("server", ["nonsense", "192.0.2.1:99999"])
def test_servers_that_are_none_are_refused(server):
    with pytest.raises(UsageError):
        CaresResolver(DnsSettings(servers=(server,)))


def test_another_server_is_asked_where_one_does_not_answer(server):
    dead = "127.0.0.2:" + server.address.rpartition(":")[2]
    resolver = CaresResolver(DnsSettings(servers=(dead, server.address), timeout_s=4.0, tries=2))
    try:
        for name in ("example.com", "prvs=1+a b@c.example.com"):
            assert resolver.resolve(name, RecordType.A, WAIT_S).outcome is Outcome.OK
    finally:
        resolver.close()


def test_a_broken_reply_harms_no_other_question_under_way(server, make_resolver):
    honest = [f"honest{number}.example" for number in range(20)]
    broken = [f"broken{number}.example" for number in range(5)]
    server.set({name: [{"TXT": "v=spf1 -all"}] for name in (*honest, *broken)})
    server.tamper = lambda _query, answer, _tcp: [answer[: len(answer) * 2 // 3] if b"broken" in answer else answer]
    for _ in range(5):
        resolver = make_resolver(server.address, timeout_s=1.0, tries=1)
        with ThreadPoolExecutor(25) as threads:
            ask = [threads.submit(resolver.resolve, name, RecordType.TXT, 20.0) for name in (*broken, *honest)]
        answers = [asked.result() for asked in ask]
        assert all(answer.failed for answer in answers[:5])
        assert [answer.outcome for answer in answers[5:]] == [Outcome.OK] * 20
