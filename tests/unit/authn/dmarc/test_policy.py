# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dmarc.policy import evaluated_policy, find_record, usable_record
from postward.authn.dmarc.record import parse_record
from postward.authn.dmarc.tree_walk import TreeWalker
from postward.dns.answer import Answer, Outcome
from postward.dns.zone import ZoneLookup
from postward.model.dmarc import DmarcPolicy

ZONE = {
    "exists.example.com": [{"MX": [10, "mx.example.com"]}],
    "alias.example.com": [{"CNAME": "nowhere.example.net"}],
    "below.empty.example.com": [{"A": "192.0.2.1"}],
    "broken.example.com": "SERVFAIL",
}


def record(tags):
    return parse_record(f"v=DMARC1; {tags}".encode())


def evaluated(tags, author, domain="example.com"):
    return evaluated_policy(usable_record(domain, record(tags)), author, ZoneLookup(ZONE))


@pytest.mark.parametrize(
    ("tags", "author", "policy"),
    [
        ("p=reject; sp=none; np=none", "example.com", "reject"),
        ("p=reject; sp=quarantine; np=none", "exists.example.com", "quarantine"),
        ("p=reject; sp=quarantine; np=none", "alias.example.com", "quarantine"),
        ("p=reject; sp=quarantine; np=none", "empty.example.com", "quarantine"),
        ("p=reject; sp=quarantine; np=none", "ghost.example.com", "none"),
        ("p=reject; sp=quarantine", "ghost.example.com", "quarantine"),
        ("p=reject; np=none", "exists.example.com", "reject"),
        ("p=reject; np=none", "ghost.example.com", "none"),
        ("p=reject", "ghost.example.com", "reject"),
        ("p=reject; t=y", "example.com", "quarantine"),
        ("p=reject; sp=quarantine; t=y", "exists.example.com", "none"),
        ("p=none; np=reject; t=y", "ghost.example.com", "quarantine"),
        ("p=none; t=y", "example.com", "none"),
        ("rua=mailto:a@example.com; sp=reject", "exists.example.com", "none"),
        ("p=reject; sp=reject; np=foo; rua=mailto:a@example.com", "ghost.example.com", "none"),
        ("p=reject; np=none", "broken.example.com", None),
        ("p=reject; sp=none; np=none", "broken.example.com", "none"),
        ("p=none; np=quarantine; t=y", "broken.example.com", "none"),
    ],
)
def test_evaluated_policy(tags, author, policy):
    assert evaluated(tags, author) == policy


def test_existence_is_not_asked_for_in_vain():
    def never(name, record_type):
        raise AssertionError(name)

    applied = usable_record("example.com", record("p=reject; sp=none; np=none"))
    assert evaluated_policy(applied, "a.example.com", never) is DmarcPolicy.NONE


@pytest.mark.parametrize("tags", ["", "p=rejct", "p=reject; sp=foo", "p=reject; rua=nonsense; np=foo"])
def test_a_faulty_record_that_asks_for_no_reports_is_not_used(tags):
    assert usable_record("example.com", record(tags)) is None


def test_a_faulty_record_keeps_its_alignment_modes():
    applied = usable_record("example.com", record("rua=mailto:a@example.com; adkim=s"))
    assert applied.record.strict_dkim
    assert applied.policy is DmarcPolicy.NONE


@pytest.mark.parametrize(
    ("records", "where"),
    [
        ({}, None),
        ({"a.mail.example.com": "", "example.com": ""}, "a.mail.example.com"),
        ({"mail.example.com": "", "example.com": ""}, "example.com"),
        ({"example.com": "psd=y"}, "example.com"),
        ({"mail.example.com": "", "example.com": "psd=y"}, "mail.example.com"),
        ({"mail.example.com": "psd=n", "example.com": ""}, "mail.example.com"),
        ({"mail.example.com": "", "com": "psd=y"}, "com"),
        ({"mail.example.com": "", "com": ""}, "com"),
    ],
)
def test_find_record(records, where):
    zone = {f"_dmarc.{name}": [{"TXT": f"v=DMARC1; p=reject; {tags}"}] for name, tags in records.items()}
    found = find_record(TreeWalker(ZoneLookup(zone)).walk("a.mail.example.com"))
    assert (found and found[0]) == where


def test_budget_counts_as_a_failure():
    applied = usable_record("example.com", record("p=reject; np=none"))
    assert evaluated_policy(applied, "a.example.com", lambda *_: Answer(outcome=Outcome.BUDGET)) is None
