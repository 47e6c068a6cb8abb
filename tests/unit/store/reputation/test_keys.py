# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import random
import re

import pytest
from redis.crc import key_slot

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.store.reputation.keys import (
    FAST,
    HISTORY,
    correspondence_key,
    identity_of,
    is_correspondence_key,
    key_of,
    key_of_tag,
    kind_of_tag,
    tag_of,
)

KIND = IdentityKind
USUAL = {
    "pw:r{w:}": EVERYBODY,
    "pw:r{c0000201}": Identity(KIND.IP, "192.0.2.1"),
    "pw:r{IAENuAAAAAAAAAAAAAAAAQ}": Identity(KIND.IP, "2001:db8::1"),
    "pw:r{c00002}": Identity(KIND.NETWORK, "192.0.2.0/24"),
    "pw:r{20010db800010002}": Identity(KIND.NETWORK, "2001:db8:1:2::/64"),
    "pw:r{20010db80001}": Identity(KIND.NETWORK, "2001:db8:1::/48"),
    "pw:r{a:64496}": Identity(KIND.ASN, "64496"),
    "pw:r{h:mx.example.com}": Identity(KIND.HELO, "mx.example.com"),
    "pw:r{s:example.com}": Identity(KIND.SPF_DOMAIN, "example.com"),
    "pw:r{d:example.com}": Identity(KIND.DKIM_DOMAIN, "example.com"),
    "pw:r{f:xn--bcher-kva.example}": Identity(KIND.AUTHOR_DOMAIN, "xn--bcher-kva.example"),
    "pw:r{o:example.com}": Identity(KIND.ORGANIZATION, "example.com"),
    "pw:r{p:ann@example.com:c0000201}": Identity(KIND.PAIR, "ann@example.com/192.0.2.1"),
    "pw:r{p:ann@example.com:IAENuAAAAAAAAAAAAAAAAQ}": Identity(KIND.PAIR, "ann@example.com/2001:db8::1"),
    "pw:r{l:ann%3Dx@example.com}": Identity(KIND.LOGIN, "ann=x@example.com"),
    "pw:r{t:example.com}": Identity(KIND.TENANT, "example.com"),
    "pw:r{x:192.0.2.9}": Identity(KIND.OUTGOING_IP, "192.0.2.9"),
}
HOSTILE = (
    "", " ", "a b", "a\r\nFLUSHALL\r\n", "}", "{", "}{", "a}{b", "{a}", "}f", "}h", "%", "%7D", "%7d", "%2", "*",
    "?", "[a]", "\\",
    "\x00", "a\x00b", "\x7f", "\udcff", "\ud800", "é", "Ä", "e\u0301", "ß", "SS", "İ", "\u202e", "😀", "A", "a",
    "a:b", ":", "::",
    "#", "#aaaaaaaaaaaaaaaaaaaaaaaaaa", "a@b:c0000201", "a@b/c0000201", "a@b/192.0.2.1", "/192.0.2.1", "192.0.2.1",
    "192.0.2.01", "192.0.2.1 ", " 192.0.2.1", "0x7f.1.1.1", "192.0.2.1.", "192.0.002.1", "1.2.3", "010.1.1.1",
    "00.1.1.1", "192.0.2", "3221225985", "c0000201", "c00002", "192.0.2.0/24", "192.0.2.1/24", "192.0.2.0/2",
    "::ffff:192.0.2.1", "::ffff:192.0.2.0/24", "::ffff:c000:201", "2001:DB8::1", "2001:db8::1%lo", "2001:db8:0::1",
    "2001:db8::/48", "2001:db8:1:2::/48", "::/48", "0.0.0.0/48",
    "2001:db8::/64", "2001:db8::1/64", "::/64", "::", "0.0.0.1", "0.0.0.0/24", "::.0/24", "IAENuAAAAAAAAAAAAAAAAQ",
    "x" * 100, "x" * 101, "X" * 33, "X" * 34, "x" * 65_536, "x" * 65_535 + "y", "é" * 65_536, "\x00" * 65_536,
)  # fmt: skip


@pytest.mark.parametrize("key", USUAL)
def test_what_is_usual_has_a_short_key_that_leads_back(key):
    assert key_of(USUAL[key]) == key
    assert identity_of(key) == USUAL[key]


def test_no_two_identities_have_one_key_and_all_but_long_names_lead_back():
    identities = [Identity(kind, name) for kind in KIND for name in dict.fromkeys(HOSTILE)]
    keys = list(map(key_of, identities))
    assert len(set(keys)) == len(keys)
    for identity, key in zip(identities, keys, strict=True):
        assert identity_of(key) == (None if "#" in key else identity)


def test_nothing_hostile_stands_in_a_key():
    for kind, name in itertools.product(KIND, HOSTILE):
        key = key_of(Identity(kind, name))
        assert re.fullmatch(r"pw:r\{[A-Za-z0-9.@+_/%:#-]+\}", key), key
        assert len(key) <= 110


def test_random_names_of_what_keys_are_made_of_do_not_meet():
    made = random.Random(7)
    seen: dict[str, Identity] = {}
    for _ in range(20_000):
        name = "".join(made.choices("ab0123f.:/%#}{@", k=made.randrange(12)))
        identity = Identity(made.choice(list(KIND)), name)
        key = key_of(identity)
        assert seen.setdefault(key, identity) == identity
        assert identity_of(key) == identity


def test_what_was_not_made_here_leads_to_nobody():
    for key in (
        "", "pw:r{", "pw:r{}", "pw:r{}}", "pw:r{i:192.0.2.1}", "pw:r{n:192.0.2.0/24}", "pw:r{C0000201}",
        "pw:r{c000020}",
        "pw:r{c0 00 02}", "pw:r{d:A}", "pw:r{d:%41", "pw:r{d:%4}", "pw:r{d:%61}", "pw:r{d:%ff}", "pw:r{d:é}",
        "pw:r{z:a}", "pw:r{:}",
        "pw:r{dd:a}", "pw:r{d:a:c0000201}", "pw:r{p:a/192.0.2.1}", "pw:r{p:a:c00002}", "pw:r{IAENuAAAAAAAAAAAAAAAAR}",
        "pw:r{IAENuAAAAAAA+AAAAAAAAQ}", "pw:r{d:a}f", "pw:r{d:a}h", "pw:c{d:a}", "xpw:r{d:a}",
        "pw:r{" + "d:" + "a" * 101 + "}",
    ):  # fmt: skip
        assert identity_of(key) is None, key


def test_record_window_and_history_lie_in_one_slot_of_a_cluster_and_identities_in_many():
    slots = set()
    for number in range(1_000):
        key = key_of(Identity(KIND.LOGIN, f"user{number}"))
        assert len({key_slot((key + twin).encode()) for twin in ("", FAST, HISTORY)}) == 1
        slots.add(key_slot(key.encode()))
    assert len(slots) > 900


def test_a_tag_stands_for_its_key_also_where_the_name_was_hashed():
    for kind, name in itertools.product(KIND, HOSTILE):
        key = key_of(Identity(kind, name))
        assert key_of_tag(tag_of(key)) == key
        assert kind_of_tag(tag_of(key)) is kind
    for tag in ("", "d:}", "d:#", "d:#" + "1" * 26, "z:#" + "a" * 26, "d:#" + "a" * 26 + "\n", "i:192.0.2.1"):
        assert key_of_tag(tag) is None


def test_correspondences_have_keys_of_their_own_that_tell_nobody():
    pairs = list(itertools.product(dict.fromkeys(HOSTILE), repeat=2))
    keys = {correspondence_key(user, other) for user, other in pairs}
    assert len(keys) == len(pairs)
    assert all(re.fullmatch(r"pw:c\{[A-Za-z0-9_-]{22}\}", key) and is_correspondence_key(key) for key in keys)


@pytest.mark.parametrize(
    "key", ["", "pw:c{}", "pw:c{AAAA}", "pw:c{AAAAAAAAAAAAAAAAAAAAAB}", "pw:r{AAAAAAAAAAAAAAAAAAAAAA}"]
)
def test_other_keys_are_none_of_correspondences(key):
    assert not is_correspondence_key(key)
