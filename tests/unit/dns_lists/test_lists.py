# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists are asked, and what follows from their answers."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from postward.dns_lists.answer import ListStatus
from postward.dns_lists.lists import DnsLists, ListBounds
from postward.dns_lists.subject import address_subject, domain_subject
from postward.dns_lists.zone import Subject
from tests.clock import Clock
from tests.unit.checks.content.letters import suffixes
from tests.unit.dns_lists.lists import CLIENTS, DOMAINS, CountingAsking, Told, believed, lists


def client(address="192.0.2.7", *, kind=Subject.CLIENT, is_connecting=True):
    return address_subject(kind, ip_address(address), is_connecting=is_connecting)


def domain(host, kind=Subject.URL):
    return domain_subject(kind, host, suffixes().organizational_domain)


def names(verdict):
    return [finding.name for finding in verdict.findings]


def test_a_listed_client_is_found_with_words_that_say_where():
    every, _asking = lists({"7.2.0.192.bl.example": {"A": "127.0.0.2"}})
    (finding,) = every.judge((client(),)).findings
    assert (finding.name, finding.detail) == ("SPAMMER", "192.0.2.7 (the client) is on clients")


def test_an_address_of_ipv6_is_asked_for_where_the_list_knows_them():
    zones = (CLIENTS, replace(CLIENTS, name="old", zone="old.example", ipv6=False))
    every, asking = lists({}, zones)
    every.judge((client("2001:db8::1"),))
    assert len(asking.asked) == 1
    assert asking.asked[0].endswith(".8.b.d.0.1.0.0.2.bl.example")


def test_a_policy_holds_for_the_client_that_delivers_to_us_only():
    every, _asking = lists({"7.2.0.192.bl.example": {"A": "127.0.0.10"}})
    assert names(every.judge((client(),))) == ["HOME"]
    assert names(every.judge((client(is_connecting=False),))) == []
    assert names(every.judge((client(kind=Subject.RECEIVED, is_connecting=False),))) == []


def test_an_address_further_up_has_a_symbol_of_its_own():
    every, _asking = lists({"7.2.0.192.bl.example": [{"A": "127.0.0.2"}, {"A": "127.0.0.10"}]})
    assert names(every.judge((client(kind=Subject.RECEIVED, is_connecting=False),))) == ["PASSED_SPAMMER"]


def test_a_known_answer_may_count_for_nothing():
    every, _asking = lists({"7.2.0.192.bl.example": {"A": "127.0.0.5"}})
    assert every.judge((client(),)) == type(every.judge(()))()


def test_domains_are_asked_for_by_what_was_registered():
    every, asking = lists({"evil.example.dbl.example": {"A": "127.0.1.2"}})
    (finding,) = every.judge((domain("www.evil.example"),)).findings
    assert finding.detail == "www.evil.example (a link) is on domains"
    assert asking.asked == ["evil.example.dbl.example"]


def test_some_lists_are_asked_for_the_host():
    every, asking = lists({}, (replace(DOMAINS, by_host=True),))
    every.judge((domain("www.evil.example"),))
    assert asking.asked == ["www.evil.example.dbl.example"]


def test_the_same_is_asked_once_however_often_a_message_names_it():
    every, asking = lists({})
    every.judge((domain("a.evil.example", Subject.HELO), domain("evil.example", Subject.SENDER)))
    assert asking.asked == ["evil.example.dbl.example"]


def test_there_is_a_bound_of_questions():
    every, asking = lists({}, questions=3)
    every.judge([domain(f"d{number}.example") for number in range(10)])
    assert len(asking.asked) == 3


def test_a_list_that_does_not_answer_is_said_to_have_said_nothing():
    clock, asking = Clock(), CountingAsking({"7.2.0.192.bl.example": ["TIMEOUT"]})
    health = believed((CLIENTS,), clock)
    verdict = DnsLists((CLIENTS,), asking, health, ListBounds()).judge((client(),))
    assert verdict.findings == ()
    assert verdict.not_asked == "clients: it did not answer in time"
    clock.now_s += 60
    assert health.is_due(CLIENTS), "it is not probed soon"


def test_an_error_never_counts_and_the_list_is_not_asked_again():
    told, clock = Told(), Clock()
    asking = CountingAsking(
        {"7.2.0.192.bl.example": {"A": "127.255.255.255"}, "evil.example.dbl.example": {"A": "127.0.1.2"}}
    )
    zones = (CLIENTS, DOMAINS)
    counted = []
    every = DnsLists(
        zones,
        asking,
        believed(zones, clock, told),
        ListBounds(),
        count=lambda zone, status: counted.append((zone.name, status)),
    )
    verdict = every.judge((client(), domain("evil.example")))
    assert names(verdict) == ["BAD_DOMAIN"]
    assert verdict.not_asked == "clients: it refused the question (127.255.255.255)"
    assert told.events == [("clients", "it refused the question (127.255.255.255)")]
    assert counted == [("clients", ListStatus.ERROR), ("domains", ListStatus.LISTED)]
    asking.asked.clear()
    assert every.judge((client(), domain("evil.example"))).not_asked.startswith("clients: ")
    assert asking.asked == ["evil.example.dbl.example"]


def test_to_ask_ahead_asks_for_the_same():
    every, asking = lists({})
    subjects = (client(), domain("evil.example"))
    every.ask_ahead(subjects)
    every.judge(subjects)
    assert asking.ahead == asking.asked == ["7.2.0.192.bl.example", "evil.example.dbl.example"]


def test_lists_that_cannot_be_asked_from_here_are_named():
    health = believed((CLIENTS,))
    every = DnsLists((CLIENTS,), CountingAsking({}), health, ListBounds(), unused=(("zen", "not from here"),))
    assert every.judge((client(),)).not_asked == "zen: not from here"
