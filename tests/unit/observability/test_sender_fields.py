# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.estimate import Estimate, Level, ReputationResult
from postward.model.identity import Identity, IdentityKind
from postward.model.quota import QuotaExcess, QuotaResult, QuotaSubject, QuotaUnit
from postward.model.transaction import Facts
from postward.observability.privacy import AddressPrivacy
from postward.observability.sender_fields import quota_fields, reputation_fields


def estimate(kind, name, mean):
    identity = Identity(kind, name)
    level = Level(identity=identity, record=None, prior=0.2, strength=2.0, mean=mean)
    return Estimate(identity=identity, mean=mean, lower=0.0, confidence=0.5, levels=(level,))


def told(fields):
    return {name: value for name, value in fields.items() if value is not None}


def test_reputation_is_told_by_kinds_and_never_by_names():
    facts = Facts()
    facts.reputation = ReputationResult(
        points=1.25,
        estimates={
            IdentityKind.IP: estimate(IdentityKind.IP, "192.0.2.1", 0.34567),
            IdentityKind.PAIR: estimate(IdentityKind.PAIR, "joe@example.com/192.0.2.1", 0.02),
        },
        reason="this address: 40 messages seen, 34.6 % bad",
    )
    assert told(reputation_fields(facts)) == {
        "reputation": {"ip": 34.57, "pair": 2.0},
        "reputation_points": 1.25,
        "reputation_reason": "this address: 40 messages seen, 34.6 % bad",
    }


def test_a_stranger_whom_the_store_was_asked_about_counts_nothing_and_that_is_told():
    facts = Facts()
    facts.reputation = ReputationResult(is_correspondent=True)
    assert told(reputation_fields(facts)) == {"reputation_points": 0.0, "correspondent": True}


def test_nothing_is_told_where_nobody_asked():
    assert not told(reputation_fields(Facts()))
    assert not told(quota_fields(Facts(), AddressPrivacy.FULL))


@pytest.mark.parametrize(
    ("subject", "name", "privacy", "shown"),
    [
        (QuotaSubject.LOGIN, "ann@example.com", AddressPrivacy.FULL, "ann@example.com"),
        (QuotaSubject.LOGIN, "ann@example.com", AddressPrivacy.DOMAIN, "@example.com"),
        (QuotaSubject.LOGIN, "ann@example.com", AddressPrivacy.NONE, None),
        (QuotaSubject.TENANT, "example.com", AddressPrivacy.NONE, "example.com"),
        (QuotaSubject.NETWORK, "192.0.2.0/24", AddressPrivacy.DOMAIN, "192.0.2.0/24"),
    ],
)
def test_the_limit_that_was_passed_is_told_with_no_more_of_an_address_than_the_log_may_show(
    subject, name, privacy, shown
):
    facts = Facts()
    excess = QuotaExcess(
        subject=subject, name=name, unit=QuotaUnit.MESSAGES_PER_HOUR, limit=100, used=100, retry_after_s=61.5
    )
    facts.quota = QuotaResult(excess=excess)
    fields = quota_fields(facts, privacy)
    assert fields.pop("quota_name") == shown
    assert told(fields) == {
        "quota": f"{subject.value}:messages_per_hour",
        "quota_limit": 100,
        "quota_used": 100,
        "quota_wait_s": 61.5,
    }


def test_a_message_within_all_limits_is_told_only_where_redis_did_not_answer():
    facts = Facts()
    facts.quota = QuotaResult()
    assert not told(quota_fields(facts, AddressPrivacy.FULL))
    facts.quota = QuotaResult(is_local=True)
    assert told(quota_fields(facts, AddressPrivacy.FULL)) == {"quota_local": True}
