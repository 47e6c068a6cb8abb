# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists that a configuration switches on."""

from __future__ import annotations

import pytest

from postward.app.dns_list_zones import own_symbols
from postward.app.dns_lists import plan_dns_lists
from postward.config import load
from postward.dns_lists.presets.all_presets import PRESETS
from postward.dns_lists.zone import ListKind, Subject
from postward.errors import ConfigErrors

OWN = """
dns_lists:
  keys: {ours: SeCret1}
  zones:
    ours:
      zone: "{key}.bl.example.com"
      about: [client, received]
      codes:
        127.0.0.2: {symbol: OUR_LIST, score: 3, meaning: we know the address for spam}
        127.0.0.10-11: {symbol: OUR_HOMES, score: 1, policy: true}
        127.0.0.5: null
      errors: [127.0.0.1]
    ours_allowed:
      {zone: wl.example.com, kind: allow, about: [dkim], codes: {127.0.0.&4: {symbol: OUR_FRIEND, score: -2}}}
"""


@pytest.fixture
def plan(tmp_path):
    def make(text, resolv_conf="nameserver 192.0.2.53\n"):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        servers = tmp_path / "resolv.conf"
        servers.write_text(resolv_conf)
        return plan_dns_lists(load(path), servers)

    return make


def faults(plan, text):
    with pytest.raises(ConfigErrors) as raised:
        plan(text)
    return [(fault.key, fault.message, fault.hint) for fault in raised.value.errors]


def test_no_list_is_asked_unless_it_is_switched_on(plan):
    assert plan("").zones == ()


def test_presets_are_switched_on_by_name(plan):
    zones = plan("dns_lists: {use: [spamcop, surbl]}").zones
    assert [zone.name for zone in zones] == ["spamcop", "surbl"]
    assert plan("dns_lists: {use: [surbl]}").asks_for_domains


def test_all_presets_can_be_switched_on(plan):
    text = f"dns_lists: {{use: [{', '.join(PRESETS)}], keys: {{spamhaus: abc}}}}"
    assert {zone.name for zone in plan(text).zones} == set(PRESETS)


def test_a_key_takes_its_place(plan):
    (zone,) = plan("dns_lists: {use: [spamhaus_zen_dqs], keys: {spamhaus: abc123}}").zones
    assert zone.suffix == "abc123.zen.dq.spamhaus.net"


def test_own_lists_are_as_the_operator_describes_them(plan):
    ours, allowed = plan(OWN).zones
    assert ours.suffix == "SeCret1.bl.example.com"
    assert [(code.symbol.name if code.symbol else None, code.is_policy) for code in ours.codes] == [
        ("OUR_LIST", False),
        ("OUR_HOMES", True),
        (None, False),
    ]
    assert ours.received_symbol is not None
    assert (allowed.kind, allowed.subjects) == (ListKind.ALLOW, {Subject.DKIM})
    assert (allowed.listed, allowed.unlisted) == (("test",), ("invalid",))


def test_own_symbols_have_weights_and_meanings(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text(OWN)
    symbols = own_symbols(load(path))
    assert [(each.name, each.score, each.group, each.meaning) for each in symbols.values()] == [
        ("OUR_LIST", 3.0, "dns_lists", "we know the address for spam"),
        ("OUR_HOMES", 1.0, "dns_lists", "it is on the list ours"),
        ("OUR_FRIEND", -2.0, "dns_lists", "it is on the list ours_allowed"),
    ]


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("dns_lists: {use: [spamcup]}", "dns_lists.use[0]", "there is no list spamcup"),
        ("dns_lists: {use: [spamhaus_zen_dqs]}", "dns_lists.use", "spamhaus_zen_dqs needs a key"),
        (OWN.replace("keys", "#"), "dns_lists.zones.ours", "ours needs a key"),
        (OWN.replace("OUR_LIST", "SPF_FAIL"), "dns_lists.zones.ours", "SPF_FAIL is the name of another symbol"),
        (OWN.replace("127.0.0.5", "127.0.0.555"), "dns_lists.zones.ours.codes", "has an octet that is none"),
        (OWN.replace("[127.0.0.1]", "[8.8.8.8]"), "dns_lists.zones.ours.codes", "is no answer of a DNS list"),
        (OWN.replace("score: -2", "score: 2"), "dns_lists.zones.ours_allowed", "OUR_FRIEND weighs for the wrong side"),
        (OWN.replace("[dkim]", "[dkim, client]"), "dns_lists.zones.ours_allowed", "asks about addresses and domains"),
        (OWN.replace("[dkim]", "[]"), "dns_lists.zones.ours_allowed", "asks about nothing"),
        (OWN.replace("ours_allowed", "spamcop"), "dns_lists.zones.spamcop", "is the name of a preset"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(plan, text, key, message):
    (fault,) = faults(plan, text)
    assert fault[0] == key
    assert message in fault[1]


def test_a_key_is_never_quoted(plan):
    for text in ("dns_lists: {keys: {spamhaus: 's3cret key'}}", "dns_lists: {keys: {spamhaus: [s3cret]}}"):
        assert "s3cret" not in str(faults(plan, text))


@pytest.mark.parametrize(
    ("text", "resolv_conf"),
    [
        ("dns_lists: {use: [spamhaus_zen, spamcop]}", "nameserver 192.0.2.53\nnameserver 8.8.8.8\n"),
        ("{dns: {servers: ['1.1.1.1:53']}, dns_lists: {use: [spamhaus_zen, spamcop]}}", "nameserver 192.0.2.53\n"),
    ],
)
def test_public_zones_are_refused_through_a_resolver_that_the_world_shares(plan, text, resolv_conf):
    made = plan(text, resolv_conf)
    assert [zone.name for zone in made.zones] == ["spamcop"]
    assert [name for name, _why in made.refused] == ["spamhaus_zen"]


def test_with_a_key_they_are_not(plan):
    made = plan("dns_lists: {use: [spamhaus_zen_dqs], keys: {spamhaus: abc}}", "nameserver 8.8.8.8\n")
    assert made.refused == ()


def test_servers_of_the_configuration_count_more_than_those_of_the_host(plan):
    made = plan("{dns: {servers: [192.0.2.53]}, dns_lists: {use: [spamhaus_zen]}}", "nameserver 8.8.8.8\n")
    assert made.refused == ()
