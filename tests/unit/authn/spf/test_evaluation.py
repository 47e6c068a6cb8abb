# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postward.authn.spf import SpfSettings, check_helo, check_sender, evaluate_spf
from postward.authn.spf.identity import MAX_SHOWN_CHARACTERS
from postward.dns.answer import Answer, Mx, Outcome, RecordType
from postward.dns.zone import ZoneLookup
from postward.model.spf import SpfResult, SpfScope, SpfStatus

CLIENT = ip_address("192.0.2.1")


class Recording:
    """A lookup that remembers what it was asked."""

    def __init__(self, lookup):
        self._lookup = lookup
        self.asked = []

    def __call__(self, name, record_type):
        self.asked.append((name, record_type))
        return self._lookup(name, record_type)


def zone(**records):
    return ZoneLookup({name.replace("_", "."): value for name, value in records.items()})


def sender(lookup, mail_from="u@a.example", client=CLIENT, helo="h.example", options=None):
    return check_sender(client=client, mail_from=mail_from, helo=helo, lookup=lookup, settings=options or SpfSettings())


def test_a_match_names_its_mechanism():
    result = sender(zone(a_example=[{"TXT": "v=spf1 mx ~IP4:192.0.2.0/24 -all"}]), mail_from="U@A.example")
    assert result == SpfResult(
        status=SpfStatus.SOFTFAIL,
        scope=SpfScope.MFROM,
        domain="a.example",
        identity="U@A.example",
        mechanism="~IP4:192.0.2.0/24",
    )


def test_the_mechanism_of_an_include_is_the_include_and_of_a_redirect_what_matched_there():
    lookup = zone(
        a_example=[{"TXT": "v=spf1 include:b.example -all"}],
        b_example=[{"TXT": "v=spf1 redirect=c.example"}],
        c_example=[{"TXT": "v=spf1 ip4:192.0.2.1 -all"}],
    )
    assert sender(lookup).mechanism == "include:b.example"
    redirected = sender(lookup, mail_from="u@b.example")
    assert (redirected.mechanism, redirected.domain) == ("ip4:192.0.2.1", "b.example")


def test_no_match_names_no_mechanism():
    result = sender(zone(a_example=[{"TXT": "v=spf1 ip4:192.0.2.9"}]))
    assert (result.status, result.mechanism) == (SpfStatus.NEUTRAL, "")


@pytest.mark.parametrize(
    ("record", "status", "words"),
    [
        ("v=spf1 moo", SpfStatus.PERMERROR, "moo"),
        ("v=spf1 include:nothing.example", SpfStatus.PERMERROR, "nothing.example"),
        ("v=spf1 redirect=nothing.example", SpfStatus.PERMERROR, "redirect"),
        ("v=spf1 redirect=a.example", SpfStatus.PERMERROR, "DNS lookups"),
        ("v=spf1 a:broken.example", SpfStatus.TEMPERROR, "A of broken.example: timeout"),
        ("hello", SpfStatus.NONE, "no SPF record"),
    ],
)
def test_problem_in_words(record, status, words):
    result = sender(zone(a_example=[{"TXT": record}], broken_example=["TIMEOUT"]))
    assert result.status == status
    assert words in result.problem
    assert result.mechanism == ""


def test_problem_and_mechanism_are_bounded():
    network = "v=spf1 x=" + "y" * 5000 + " exists:" + "z." * 3000 + "example -all"
    lookup = zone(a_example=[{"TXT": [network[cut : cut + 255] for cut in range(0, len(network), 255)]}])
    assert sender(lookup).status == SpfStatus.FAIL
    assert len(sender(zone(a_example=[{"TXT": "v=spf1 " + "m" * 240}])).problem) <= 200


def test_an_identity_too_long_to_be_shown_is_not_cut_to_another_domain():
    local_part = '"' + "x" * (MAX_SHOWN_CHARACTERS - len('"@bank.example')) + '@bank.example"'
    result = sender(zone(), f"{local_part}@a.example")
    assert (result.domain, result.identity) == ("a.example", "a.example")


def test_null_path_is_the_postmaster_of_helo():
    lookup = zone(
        h_example=[{"TXT": "v=spf1 exists:%{l}.%{o}.x.example -all"}],
        postmaster_h_example_x_example=[{"A": "127.0.0.2"}],
    )
    result = sender(lookup, mail_from="")
    assert (result.status, result.scope) == (SpfStatus.PASS, SpfScope.HELO)
    assert (result.domain, result.identity) == ("h.example", "postmaster@h.example")


def test_helo_alone():
    lookup = zone(h_example=[{"TXT": "v=spf1 ip4:192.0.2.1 -all"}])
    result = check_helo(client=CLIENT, helo="H.example", lookup=lookup, settings=SpfSettings())
    assert (result.status, result.scope) == (SpfStatus.PASS, SpfScope.HELO)
    assert (result.domain, result.identity) == ("h.example", "H.example")


def test_nothing_is_asked_for_a_name_that_has_no_record():
    lookup = Recording(zone())
    for helo in ("localhost", "[192.0.2.1]", "192.0.2.1", "", ".", "a@b.example", "x" * 70 + ".example"):
        assert sender(lookup, mail_from="", helo=helo).status == SpfStatus.NONE
    assert lookup.asked == []


def test_the_explanation_is_not_fetched():
    lookup = Recording(zone(a_example=[{"TXT": "v=spf1 exp=why.example -all"}]))
    assert sender(lookup).status == SpfStatus.FAIL
    assert lookup.asked == [("a.example", RecordType.TXT)]


def test_nothing_is_fetched_behind_a_match():
    lookup = Recording(
        zone(a_example=[{"TXT": "v=spf1 ip4:192.0.2.1 a mx ptr exists:%{p}.x.example redirect=b.example"}])
    )
    assert sender(lookup).status == SpfStatus.PASS
    assert lookup.asked == [("a.example", RecordType.TXT)]


def test_exchangers_are_looked_up_until_one_matches():
    lookup = Recording(
        zone(
            a_example=[{"TXT": "v=spf1 mx -all"}, {"MX": [20, "m2.example"]}, {"MX": [10, "m1.example"]}],
            m1_example=[{"A": "192.0.2.1"}],
        )
    )
    assert sender(lookup).status == SpfStatus.PASS
    assert lookup.asked[-1] == ("m1.example", RecordType.A)


def test_names_of_the_client_are_looked_up_once():
    lookup = Recording(
        ZoneLookup(
            {
                "a.example": [{"TXT": "v=spf1 ptr:x.example exists:%{p}.y.example exists:%{p}.z.example -all"}],
                "1.2.0.192.in-addr.arpa": [{"PTR": "m.example"}],
                "m.example": [{"A": "192.0.2.1"}],
            }
        )
    )
    assert sender(lookup).status == SpfStatus.FAIL
    assert [record_type for _, record_type in lookup.asked].count(RecordType.PTR) == 1


def test_eleventh_ptr_name_is_ignored():
    names = [{"PTR": f"n{number}.example"} for number in range(10)]
    zone_data = {
        "a.example": [{"TXT": "v=spf1 ptr:last.example -all"}],
        "last.example": [{"A": "192.0.2.1"}],
        "1.2.0.192.in-addr.arpa": [*names, {"PTR": "last.example"}],
    }
    assert sender(ZoneLookup(zone_data)).status == SpfStatus.FAIL
    zone_data["1.2.0.192.in-addr.arpa"].pop(0)
    assert sender(ZoneLookup(zone_data)).status == SpfStatus.PASS


@pytest.mark.parametrize(("per_term", "expected"), [(True, SpfStatus.PASS), (False, SpfStatus.PERMERROR)])
def test_void_look_ups_by_term_or_one_by_one(per_term, expected):
    lookup = zone(
        a_example=[{"TXT": "v=spf1 mx ip6:2001:db8::1 -all"}, *({"MX": [10, f"m{n}.example"]} for n in range(3))]
    )
    options = SpfSettings(void_lookups_per_term=per_term)
    assert sender(lookup, client=ip_address("2001:db8::1"), options=options).status == expected


def test_limit_of_void_look_ups():
    lookup = zone(a_example=[{"TXT": "v=spf1 a:v1.example a:v2.example a:v3.example ip4:192.0.2.1"}])
    assert sender(lookup, options=SpfSettings(max_void_lookups=3)).status == SpfStatus.PASS
    assert sender(lookup, options=SpfSettings(max_void_lookups=2)).status == SpfStatus.PERMERROR
    assert sender(lookup, options=SpfSettings(max_void_lookups=0)).status == SpfStatus.PERMERROR


def test_the_ptr_query_of_a_macro_counts_as_a_term():
    terms = "a:t.example " * 8
    record = f"v=spf1 {terms}exists:%{{p}}.x.example ip4:192.0.2.1 -all"
    zone_data = {"t.example": [{"A": "198.51.100.1"}], "a.example": [{"TXT": record}]}
    assert sender(ZoneLookup(zone_data)).status == SpfStatus.PASS
    zone_data["a.example"] = [{"TXT": record.replace("a:t.example", "a:t.example a:t.example", 1)}]
    assert sender(ZoneLookup(zone_data)).status == SpfStatus.PERMERROR


def test_time_limit_is_a_temperror():
    now_s = [0.0]
    inner = zone(a_example=[{"TXT": "v=spf1 a:b.example a:c.example -all"}], b_example=[{"A": "198.51.100.1"}])

    def slow(name, record_type):
        now_s[0] += 8.0
        return inner(name, record_type)

    def result(limit_s):
        now_s[0] = 0.0
        return evaluate_spf(
            client=CLIENT,
            identity="u@a.example",
            helo="h.example",
            scope=SpfScope.MFROM,
            lookup=slow,
            settings=SpfSettings(time_limit_s=limit_s),
            clock=lambda: now_s[0],
        )

    assert result(20.0).status == SpfStatus.FAIL
    assert result(15.0).status == SpfStatus.TEMPERROR


@pytest.mark.parametrize("record", ["v=spf1 a -all", "v=spf1 ptr -all", "v=spf1 exists:%{p}.x.example -all"])
def test_a_used_up_budget_is_a_temperror_even_in_ptr(record):
    inner = zone(a_example=[{"TXT": record}])

    def lookup(name, record_type):
        return inner(name, record_type) if record_type is RecordType.TXT else Answer(outcome=Outcome.BUDGET)

    assert sender(lookup).status == SpfStatus.TEMPERROR


def test_a_link_local_client_with_a_zone():
    lookup = zone(a_example=[{"TXT": "v=spf1 ip6:fe80::/10 -all"}])
    assert sender(lookup, client=ip_address("fe80::1%eth0")).status == SpfStatus.PASS


def test_work_grows_no_faster_than_the_record():
    def asked(terms):
        record = "v=spf1 " + " ".join(["exists:%{l}%{l}.x.example"] * terms)
        lookup = Recording(lambda *_: Answer(outcome=Outcome.OK, records=(record.encode(), ip_address("192.0.2.9"))))
        sender(lookup, mail_from="u" * 2000 + "@a.example")
        return len(lookup.asked)

    assert asked(2000) == asked(200) <= 12


HOSTILE = st.text(
    alphabet='%{}slodiphvrct019.:/=-+~? amxptrincludeexists64redirectall\x00\r\n\xe9\udcff@"\\', max_size=60
)
TERMS = st.one_of(
    HOSTILE,
    st.builds("{}{}".format, st.sampled_from(["", "-", "~", "?"]), st.sampled_from(["a", "mx", "ptr", "all"])),
    st.builds("{}:{}".format, st.sampled_from(["a", "mx", "ptr", "include", "exists"]), HOSTILE),
    st.builds(
        "{}:%{{{}{}{}}}.a.example".format,
        st.sampled_from(["a", "-mx", "ptr", "include", "exists"]),
        st.sampled_from("sldoiphvSLDH"),
        st.sampled_from(["", "1", "2r", "r-", "99999999999999999999"]),
        st.sampled_from(["", "-", "+/", "=_"]),
    ),
    st.builds("redirect={}".format, st.sampled_from(["a.example", "%{l}.a.example", "%{p}", "b.example"])),
)
RECORDS = st.lists(TERMS, max_size=8).map(lambda terms: " ".join(["v=spf1", *terms]).encode("utf-8", "surrogatepass"))
NAMES = st.one_of(HOSTILE, st.sampled_from(["a.example", "m.example", "", ".", "a" * 300, "x" * 64 + ".example"]))
ANSWERS = {
    RecordType.TXT: st.lists(RECORDS, max_size=2),
    RecordType.A: st.lists(st.ip_addresses(v=4), max_size=3),
    RecordType.AAAA: st.lists(st.ip_addresses(v=6), max_size=3),
    RecordType.MX: st.lists(st.builds(Mx, st.integers(0, 65535), NAMES), max_size=12),
    RecordType.PTR: st.lists(NAMES, max_size=12),
}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data(), st.ip_addresses(), HOSTILE, HOSTILE)
def test_whatever_comes_the_outcome_is_a_result(data, client, local_part, helo):
    def lookup(_name, record_type):
        outcome = data.draw(st.sampled_from([Outcome.OK, Outcome.OK, Outcome.OK, *Outcome]))
        records = data.draw(ANSWERS[record_type]) if outcome is Outcome.OK else []
        return Answer(outcome=outcome, records=tuple(records))

    result = sender(lookup, mail_from=f"{local_part}@a.example", client=client, helo=helo)
    assert result.status in SpfStatus
    assert "cannot be evaluated" not in result.problem


@given(st.text(), st.text())
def test_whatever_the_identity(mail_from, helo):
    lookup = Recording(lambda *_: Answer(outcome=Outcome.NXDOMAIN))
    assert sender(lookup, mail_from=mail_from, helo=helo).status == SpfStatus.NONE
    assert check_helo(client=CLIENT, helo=helo, lookup=lookup, settings=SpfSettings()).status == SpfStatus.NONE
