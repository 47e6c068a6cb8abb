# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dmarc.tree_walk import TreeWalker, names_to_ask
from postward.dns.zone import ZoneLookup


def walk(domain, zone):
    return TreeWalker(ZoneLookup({f"_dmarc.{name}": data for name, data in zone.items()})).walk(domain)


def record(tags=""):
    return [{"TXT": f"v=DMARC1; p=reject; {tags}"}]


@pytest.mark.parametrize(
    ("domain", "parents"),
    [
        ("com", ""),
        ("example.com", "com"),
        # RFC 9989 section 4.10 step 4: eight labels go on with seven, and so do nine.
        ("1.2.3.4.5.6.7.8", "2.3.4.5.6.7.8 3.4.5.6.7.8 4.5.6.7.8 5.6.7.8 6.7.8 7.8 8"),
        ("0.1.2.3.4.5.6.7.8", "2.3.4.5.6.7.8 3.4.5.6.7.8 4.5.6.7.8 5.6.7.8 6.7.8 7.8 8"),
    ],
)
def test_names_to_ask(domain, parents):
    assert list(names_to_ask(domain)) == [domain, *parents.split()]


@pytest.mark.parametrize(
    ("zone", "organizational_domain"),
    [
        ({}, "a.mail.example.com"),
        ({"example.com": record(), "mail.example.com": record()}, "example.com"),
        ({"com": record(), "example.com": record()}, "com"),
        ({"com": record("psd=y")}, "example.com"),
        ({"mail.example.com": record("psd=n"), "example.com": record()}, "mail.example.com"),
        ({"a.mail.example.com": record("psd=n"), "example.com": record()}, "a.mail.example.com"),
        ({"a.mail.example.com": record("psd=y"), "example.com": record()}, "a.mail.example.com"),
        ({"mail.example.com": record("psd=y"), "example.com": record()}, "a.mail.example.com"),
        ({"example.com": record("psd=u")}, "example.com"),
        ({"mail.example.com": [{"TXT": "v=DMARC1"}, {"TXT": "v=DMARC1"}], "example.com": record()}, "example.com"),
        ({"mail.example.com": [{"TXT": "v=DMARC1; p=none; p=none"}], "example.com": record()}, "example.com"),
        ({"example.com": [{"TXT": "v=spf1 -all"}, {"TXT": "v=DMARC1"}]}, "example.com"),
        ({"com": "SERVFAIL", "example.com": record()}, None),
        ({"com": "TIMEOUT", "example.com": record("psd=n")}, "example.com"),
    ],
)
def test_organizational_domain(zone, organizational_domain):
    assert walk("a.mail.example.com", zone).organizational_domain == organizational_domain


def test_a_failure_ends_the_walk_and_is_named():
    failed = walk("mail.example.com", {"mail.example.com": record(), "example.com": "SERVFAIL", "com": record()})
    assert failed.own_record is not None
    assert failed.failure == "_dmarc.example.com: servfail"
    assert len(failed.found) == 1


def test_a_name_is_asked_for_once():
    asked = []
    lookup = ZoneLookup({})

    def counting(name, record_type):
        asked.append(name)
        return lookup(name, record_type)

    walker = TreeWalker(counting)
    for domain in ("a.example.com", "b.example.com", "a.example.com"):
        walker.walk(domain)
    assert asked == ["_dmarc.a.example.com", "_dmarc.example.com", "_dmarc.com", "_dmarc.b.example.com"]


def test_a_name_too_long_for_the_label_has_no_record():
    domain = ".".join(["x" * 60] * 4) + ".example"
    assert len(domain) > 247
    assert walk(domain, {}).organizational_domain == domain
