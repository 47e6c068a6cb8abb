# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key_lookup import fetch_keys, query_name
from postward.dns.answer import Answer, Outcome, RecordType
from postward.model.dkim import DkimStatus
from tests.signatures import keys
from tests.signatures.message import zone_lookup

NAME = query_name("sel", "example.org")


def fetch(*records, max_records=3):
    return fetch_keys(NAME, zone_lookup({NAME: list(records)}), max_records)


def test_name():
    assert NAME == "sel._domainkey.example.org"


def test_one():
    (key,) = fetch(keys.record("rsa2048"))
    assert key.bits == 2048


def test_several():
    found = fetch(keys.record("rsa1024"), "v=spf1 -all", keys.record("rsa2048"))
    assert [key.bits for key in found] == [1024, 2048]


def test_only_so_many_are_looked_at():
    with pytest.raises(SignatureError):
        fetch("v=spf1 -all", "x", keys.record("rsa2048"), max_records=2)


def test_the_first_problem_is_told():
    with pytest.raises(SignatureError, match="revoked"):
        fetch("v=DKIM1; p=", "x")


@pytest.mark.parametrize("outcome", [Outcome.NXDOMAIN, Outcome.NODATA, Outcome.OK])
def test_none(outcome):
    with pytest.raises(SignatureError, match="no key") as caught:
        fetch_keys(NAME, lambda _name, _type: Answer(outcome=outcome), 3)
    assert caught.value.status is DkimStatus.PERMERROR


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.BUDGET])
def test_dns_failure(outcome):
    asked = []

    def lookup(name: str, record_type: RecordType) -> Answer:
        asked.append((name, record_type))
        return Answer(outcome=outcome)

    with pytest.raises(SignatureError, match=outcome.value) as caught:
        fetch_keys(NAME, lookup, 3)
    assert caught.value.status is DkimStatus.TEMPERROR
    assert asked == [(NAME, RecordType.TXT)]
