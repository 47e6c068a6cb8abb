# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_network

import pytest

from postward.app.quota_settings import quota_policy, quota_settings
from postward.config import load
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaLimits
from postward.pipeline.quota_subjects import Sending

NOW_S = 1_790_000_000.0
"""The 21st of September 2026."""


@pytest.fixture
def configured(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return load(path)

    return read


def sending(subject, name, *, recipients=1, network=None):
    return Sending(
        subject=QuotaSubject(subject), name=name, recipients=recipients, network=network and ip_network(network)
    )


def test_where_nothing_is_limited_there_is_no_policy(configured):
    assert quota_policy(configured("")) is None
    assert quota_policy(configured("quotas: {over: reject, dynamic: {enabled: true}}\n")) is None


def test_only_those_that_are_limited_are_looked_at(configured):
    policy = quota_policy(
        configured("quotas: {login: {concurrent: 2}, overrides: {tenant: {example.com: {messages_per_day: 9}}}}\n")
    )
    assert set(policy.subjects) == {QuotaSubject.LOGIN, QuotaSubject.TENANT}
    assert policy.limits(sending("login", "x"), NOW_S) == QuotaLimits(concurrent=2)
    assert policy.limits(sending("tenant", "example.com"), NOW_S) == QuotaLimits(messages_per_day=9)
    assert policy.limits(sending("tenant", "example.net"), NOW_S).are_none
    assert policy.limits(sending("client", "192.0.2.1"), NOW_S).are_none


def test_an_override_changes_what_it_names_and_null_lifts(configured):
    policy = quota_policy(
        configured(
            "quotas:\n"
            "  login: {messages_per_hour: 10, messages_per_day: 100, burst: 5}\n"
            "  overrides: {login: {Alice@Example.com: {messages_per_hour: null, messages_per_day: 200}}}\n"
        )
    )
    assert policy.limits(sending("login", "alice@example.com"), NOW_S) == QuotaLimits(messages_per_day=200, burst=5)


def test_it_is_known_whether_places_are_limited(configured):
    assert not quota_policy(configured("quotas: {login: {messages_per_hour: 1}}\n")).limits_places
    assert quota_policy(configured("quotas: {login: {concurrent: 1}}\n")).limits_places
    for override in ("tenant: {example.com: {concurrent: 1}}", "network: {192.0.2.0/24: {concurrent: 1}}"):
        assert quota_policy(configured(f"quotas: {{overrides: {{{override}}}}}\n")).limits_places


def test_clients_and_networks_are_found_by_the_narrowest_network(configured):
    policy = quota_policy(
        configured(
            "quotas:\n"
            "  client: {messages_per_hour: 1}\n"
            "  overrides:\n"
            "    client:\n"
            "      192.0.2.0/24: {messages_per_hour: 2}\n"
            "      192.0.2.1: {messages_per_hour: 3}\n"
            "      '2001:db8::/32': {messages_per_hour: 4}\n"
            "    network: {192.0.0.0/16: {messages_per_hour: 5}, 192.0.2.128/25: {messages_per_hour: 6}}\n"
        )
    )

    def limit(subject, network):
        return policy.limits(sending(subject, "", network=network), NOW_S).messages_per_hour

    assert [limit("client", client) for client in ("192.0.2.1", "192.0.2.9", "198.51.100.1", "2001:db8::1")] == [
        3, 2, 1, 4,
    ]  # fmt: skip
    assert [limit("network", network) for network in ("192.0.2.0/24", "192.1.0.0/24")] == [5, None]


def test_a_warm_up_and_the_dynamic_factors(configured):
    policy = quota_policy(
        configured(
            "quotas:\n"
            "  client: {messages_per_hour: 10, concurrent: 4}\n"
            "  dynamic: {enabled: true, least: 0.1, most: 4}\n"
            "  overrides: {tenant: {example.com: {warm_up: {since: 2026-09-19, start_per_day: 10, growth: 2}}}}\n"
        )
    )
    assert policy.limits(sending("tenant", "example.com"), NOW_S).messages_per_day == 40
    client = sending("client", "192.0.2.1", network="192.0.2.1")
    by_trust = [policy.limits(client, NOW_S, trust).messages_per_hour for trust in (0, 0.25, 0.5, 0.75, 1, 7)]
    assert by_trust == [1, 3, 10, 20, 40, 40]
    assert policy.limits(client, NOW_S, 0).concurrent == 4


def test_what_becomes_of_too_much(configured):
    settings = quota_settings(
        configured(
            "quotas: {over: reject}\nmessage: {deadline_s: 10, progress_interval_s: 2, failure_action: tempfail}\n"
        )
    )
    assert (settings.rejects, settings.lease_s, settings.counts_unjudged) == (True, 40, False)
