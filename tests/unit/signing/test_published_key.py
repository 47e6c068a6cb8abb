# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.dns.zone import ZoneLookup
from postward.signing.loaded_key import LoadedKey, PrivateKey
from postward.signing.published_key import Publication, look_up_publication
from tests.signatures import keys
from tests.signatures.message import txt_zone

NAME = "sel._domainkey.example.org"


def publication(key, zone):
    loaded = LoadedKey(domain="example.org", selector="sel", private_key=PrivateKey(keys.private_key(key)))
    return look_up_publication(loaded, ZoneLookup(zone))


@pytest.mark.parametrize("key", ["rsa1024", "rsa2048", "ed25519"])
def test_the_right_record(key):
    assert publication(key, txt_zone({NAME: [keys.record(key)]})) == Publication(name=NAME)


def test_a_record_among_others():
    records = ["v=spf1 -all", keys.record("rsa2048-other"), keys.record("rsa2048")]
    assert publication("rsa2048", txt_zone({NAME: records})).problem == ""


def test_a_record_for_tests_is_told():
    found = publication("rsa2048", txt_zone({NAME: [keys.record("rsa2048", "t=y; ")]}))
    assert (found.problem, found.is_testing) == ("", True)


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        ([], "no key for signature"),
        ([keys.record("rsa2048-other")], "another key is published there"),
        ([keys.record("ed25519")], "another key is published there"),
        (["v=DKIM1; k=rsa; p="], "key is revoked"),
        (["v=DKIM1; k=rsa; p=AAAA"], "key cannot be parsed"),
        ([keys.record("rsa2048", "s=tlsrpt; ")], "key is not for e-mail"),
        ([keys.record("rsa2048", "h=sha1; ")], "key is not for SHA-256"),
    ],
)
def test_a_record_that_receivers_cannot_use(records, problem):
    assert publication("rsa2048", txt_zone({NAME: records})) == Publication(name=NAME, problem=problem)


@pytest.mark.parametrize("outcome", ["SERVFAIL", "TIMEOUT"])
def test_dns_that_does_not_answer(outcome):
    found = publication("rsa2048", {NAME: outcome})
    assert found.is_temporary
    assert found.problem.startswith("key look-up failed")
