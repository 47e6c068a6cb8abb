# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.authn.spf import SpfSettings, check_sender, prefetch_spf
from postward.authn.spf.prefetch import MAX_LOOKUPS, MAX_RECORD_CHARACTERS
from postward.dns.answer import Answer, Mx, Outcome, RecordType
from postward.dns.zone import ZoneLookup

CLIENT = ip_address("192.0.2.1")


class Eager:
    """A prefetch that answers at once from a lookup."""

    def __init__(self, lookup):
        self._lookup = lookup
        self.asked = []

    def __call__(self, name, record_type, then=None):
        self.asked.append((name, record_type))
        if then is not None:
            then(self._lookup(name, record_type))


def asked(zone, domain="a.example", client=CLIENT):
    prefetch = Eager(ZoneLookup(zone))
    prefetch_spf(domain, client, prefetch)
    return {f"{name} {record_type}" for name, record_type in prefetch.asked}


def test_what_a_record_leads_to():
    zone = {
        "a.example": [
            {"TXT": "v=spf1 a mx include:b.example exists:e.example ptr redirect=d.example"},
            {"MX": [1, "m.example"]},
        ],
        "b.example": [{"TXT": "v=spf1 a:c.example -all"}],
    }
    assert asked(zone, "A.example") == {
        "a.example TXT", "a.example A", "a.example MX", "m.example A", "b.example TXT", "c.example A", "e.example A",
        "d.example TXT",
    }  # fmt: skip


def test_addresses_of_the_clients_kind():
    zone = {"a.example": [{"TXT": "v=spf1 a mx exists:e.example"}, {"MX": [1, "m.example"]}]}
    ip6 = {"a.example TXT", "a.example AAAA", "a.example MX", "m.example AAAA", "e.example A"}
    assert asked(zone, client=ip_address("2001:db8::1")) == ip6
    assert "a.example A" in asked(zone, client=ip_address("::ffff:192.0.2.1"))


def test_macros_of_client_and_domain_are_known_those_of_the_sender_are_not():
    unknown = " ".join(f"exists:%{{{letter}}}.x.example" for letter in "slph")
    record = f"v=spf1 include:%{{ir}}.%{{v}}.%{{d}}.x.example {unknown} -all"
    assert asked({"a.example": [{"TXT": record}]}) == {"a.example TXT", "1.2.0.192.in-addr.a.example.x.example TXT"}


def test_nothing_behind_what_settles_it():
    assert asked({"a.example": [{"TXT": "v=spf1 a -all mx redirect=b.example"}]}) == {"a.example TXT", "a.example A"}
    assert asked({"a.example": [{"TXT": "v=spf1 ip4:192.0.2.0/24 a -all"}]}) == {"a.example TXT"}
    assert "a.example A" in asked({"a.example": [{"TXT": "v=spf1 ip6:2001:db8::/32 ip4:198.51.100.0/24 a -all"}]})


@pytest.mark.parametrize("domain", ["", "localhost", "[192.0.2.1]", "a..example", "x" * 300, "\udcff.example"])
def test_nothing_for_what_is_no_domain(domain):
    assert asked({}, domain) == set()


@pytest.mark.parametrize("text", ["", "v=spf1 moo a", "hello", "v=spf1 a:%{z}"])
def test_nothing_more_for_what_is_no_record(text):
    assert asked({"a.example": [{"TXT": text}]}) == {"a.example TXT"}


def test_a_failed_answer_ends_it():
    assert asked({"a.example": ["TIMEOUT"]}) == {"a.example TXT"}


def test_a_loop_ends():
    zone = {
        "a.example": [{"TXT": "v=spf1 include:b.example"}],
        "b.example": [{"TXT": "v=spf1 include:A.example redirect=b.example"}],
    }
    assert asked(zone) == {"a.example TXT", "b.example TXT"}


def test_a_record_that_takes_long_to_read_is_left_to_the_evaluation():
    terms = "ip4:192.0.2.9 " * (MAX_RECORD_CHARACTERS // 14)
    assert asked({"a.example": [{"TXT": f"v=spf1 {terms}a:b.example"}]}) == {"a.example TXT"}
    assert len(asked({"a.example": [{"TXT": f"v=spf1 {terms[:-140]}a:b.example"}]})) == 2


def test_look_ups_are_bounded():
    wide = b"v=spf1 " + b" ".join(b"include:i%d.example mx:i%d.example" % (n, n) for n in range(100))
    hosts = tuple(Mx(n, f"h{n}.example") for n in range(50))

    def lookup(name, record_type):
        prefix = name.partition(".")[0].encode()
        records = (wide.replace(b":i", b":i" + prefix),) if record_type is RecordType.TXT else hosts
        return Answer(outcome=Outcome.OK, records=records)

    prefetch = Eager(lookup)
    prefetch_spf("a.example", CLIENT, prefetch)
    assert len(prefetch.asked) == MAX_LOOKUPS


def test_what_was_fetched_is_what_the_evaluation_asks_for():
    zone = {
        "a.example": [{"TXT": "v=spf1 mx include:b.example a:e.example -all"}, {"MX": [1, "m.example"]}],
        "b.example": [{"TXT": "v=spf1 exists:%{i}.c.example -all"}],
        "e.example": [{"A": "198.51.100.1"}],
    }
    ahead = asked(zone)
    lookup = ZoneLookup(zone)
    needed = set()

    def recording(name, record_type):
        needed.add(f"{name} {record_type}")
        return lookup(name, record_type)

    check_sender(client=CLIENT, mail_from="u@a.example", helo="h", lookup=recording, settings=SpfSettings())
    assert needed == ahead
