# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.errors import KeysUnusable
from postward.signing.keyring import DomainKeyring, KeyBinding
from postward.signing.loaded_key import PrivateKey
from tests.signatures import keys

NOW_S = 1_800_000_000.5
RSA = PrivateKey(keys.private_key("rsa2048"))


def binding(pattern, selector="s", *, private_key=RSA, **more):
    return KeyBinding(pattern=pattern, selector=selector, private_key=private_key, **more)


def found(keyring, domain, tenant="", now_s=NOW_S):
    return [(key.domain, key.selector) for key in keyring.keys_for(domain, tenant, now_s)]


def test_without_keys_nothing_signs():
    keyring = DomainKeyring(())
    assert keyring.is_empty
    assert found(keyring, "example.com") == []


def test_all_keys_of_a_domain_sign_in_their_order():
    keyring = DomainKeyring([binding("example.com", "b"), binding("example.com", "a"), binding("example.net", "c")])
    assert not keyring.is_empty
    assert found(keyring, "example.com") == [("example.com", "b"), ("example.com", "a")]
    assert found(keyring, "example.org") == []


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("a.example.com", ("a.example.com", "exact")),
        ("b.example.com", ("b.example.com", "below")),
        ("c.a.example.com", ("c.a.example.com", "below-a")),
        ("d.c.a.example.com", ("d.c.a.example.com", "below-a")),
        ("example.com", ("example.com", "all")),
        ("badexample.com", ("badexample.com", "all")),
        ("com", ("com", "all")),
    ],
)
def test_the_exact_domain_comes_before_the_longest_wildcard(domain, expected):
    keyring = DomainKeyring(
        [
            binding("*", "all"),
            binding("*.example.com", "below"),
            binding("a.example.com", "exact"),
            binding("*.a.example.com", "below-a"),
        ]
    )
    assert found(keyring, domain) == [expected]


def test_a_signing_domain_stands_in_place_of_the_authors():
    keyring = DomainKeyring(
        [binding("*.example.com", signing_domain="example.com"), binding("x.test", signing_domain="esp.test")]
    )
    assert found(keyring, "mail.example.com") == [("example.com", "s")]
    assert found(keyring, "x.test") == [("esp.test", "s")]


def test_keys_of_a_domain_sign_for_those_below_it_only_where_that_is_wanted():
    bindings = [binding("example.com"), binding("own.example.com", "own"), binding("*.wild.example.com", "wild")]
    assert found(DomainKeyring(bindings), "mail.example.com") == []
    keyring = DomainKeyring(bindings, subdomains=True)
    assert found(keyring, "deep.mail.example.com") == [("example.com", "s")]
    assert found(keyring, "own.example.com") == [("own.example.com", "own")]
    assert found(keyring, "x.own.example.com") == [("own.example.com", "own")]
    assert found(keyring, "x.wild.example.com") == [("x.wild.example.com", "wild")]


def test_a_tenants_keys_sign_only_its_mail_and_come_before_those_of_all():
    keyring = DomainKeyring(
        [
            binding("shared.example", "acme", tenant="acme"),
            binding("shared.example", "all"),
            binding("acme.example", "acme", tenant="acme"),
            binding("*", "any"),
        ]
    )
    assert found(keyring, "shared.example", "acme") == [("shared.example", "acme")]
    assert found(keyring, "shared.example", "other") == [("shared.example", "all")]
    assert found(keyring, "shared.example") == [("shared.example", "all")]
    assert found(keyring, "acme.example", "acme") == [("acme.example", "acme")]
    assert found(keyring, "acme.example", "other") == [("acme.example", "any")]


@pytest.mark.parametrize(
    ("now_s", "selectors"), [(NOW_S - 1, ["old"]), (NOW_S, ["new"]), (NOW_S - 0.001, ["old"]), (NOW_S + 1e9, ["new"])]
)
def test_one_key_takes_over_from_another_at_a_moment(now_s, selectors):
    keyring = DomainKeyring(
        [binding("example.com", "old", signs_until_s=NOW_S), binding("example.com", "new", signs_from_s=NOW_S)]
    )
    assert [selector for _, selector in found(keyring, "example.com", now_s=now_s)] == selectors


def test_a_domain_whose_first_key_is_yet_to_sign_goes_on_unsigned():
    keyring = DomainKeyring([binding("example.com", signs_from_s=NOW_S + 1)])
    assert found(keyring, "example.com") == []


@pytest.mark.parametrize(
    "bindings",
    [
        [binding("example.com", private_key=None)],
        [binding("example.com", signs_until_s=NOW_S)],
        [binding("example.com", signs_until_s=NOW_S), binding("example.com", private_key=None)],
        [binding("example.com", signs_until_s=NOW_S), binding("example.com", signs_from_s=NOW_S + 1)],
        [binding("*", private_key=None)],
        [binding("*", "all"), binding("example.com", private_key=None)],
    ],
)
def test_keys_of_which_none_can_be_used_are_an_error(bindings):
    with pytest.raises(KeysUnusable, match=r"example\.com"):
        DomainKeyring(bindings).keys_for("example.com", "", NOW_S)


def test_one_good_key_is_enough():
    keyring = DomainKeyring([binding("example.com", "bad", private_key=None), binding("example.com", "good")])
    assert found(keyring, "example.com") == [("example.com", "good")]


def test_where_not_all_keys_are_known_no_domain_is_known_to_have_none():
    keyring = DomainKeyring([binding("example.com")], is_complete=False)
    assert not keyring.is_empty
    assert not DomainKeyring((), is_complete=False).is_empty
    assert found(keyring, "example.com") == [("example.com", "s")]
    with pytest.raises(KeysUnusable, match="keys_dir"):
        keyring.keys_for("example.net", "", NOW_S)


@pytest.mark.parametrize(
    "domain", ["a;x=1.example", "a b.example", "", ".", "a..b", "é.example", "a\r\nb.example", "A.b"]
)
def test_what_is_no_domain_name_never_gets_into_a_signature(domain):
    assert found(DomainKeyring([binding("*")], subdomains=True), domain) == []


def test_a_name_of_many_labels_costs_little():
    keyring = DomainKeyring([binding("*")], subdomains=True)
    assert len(found(keyring, "a." * 126 + "a")) == 1
