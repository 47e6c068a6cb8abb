# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import date
from ipaddress import ip_network

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.fixture
def quotas(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return load(path).quotas

    return read


def test_nothing_is_limited_by_default(quotas):
    section = quotas("")
    assert section.over == "defer"
    for limits in (section.login, section.tenant, section.client, section.network, section.recipient_domain):
        assert set(limits.model_dump().values()) == {None, 0}


def test_overrides_are_by_name_in_one_form(quotas):
    overrides = quotas(
        "quotas:\n"
        "  overrides:\n"
        "    login: {Alice@Example.COM: {messages_per_hour: 5}}\n"
        "    tenant: {Example.COM: {warm_up: {since: 2026-03-01, start_per_day: 50, growth: 2}}}\n"
        "    client: {192.0.2.1: {messages_per_hour: null}}\n"
        "    network: {'2001:db8::/32': {concurrent: 2}}\n"
    ).overrides
    assert overrides.login["alice@example.com"].messages_per_hour == 5
    warm_up = overrides.tenant["example.com"].warm_up
    assert (warm_up.since, warm_up.start_per_day, warm_up.growth) == (date(2026, 3, 1), 50, 2)
    assert "messages_per_hour" in overrides.client[ip_network("192.0.2.1/32")].model_fields_set
    assert overrides.network[ip_network("2001:db8::/32")].concurrent == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{over: drop}", "over"),
        ("{login: {messages_per_hour: 0}}", "at least 1"),
        ("{login: {messages_per_hour: 10, messages_per_day: 5}}", "the limit of a day is lower"),
        ("{client: {burst: 5}}", "burst has no limit of an hour"),
        ("{overrides: {login: {'': {burst: 5}}}}", "is no login"),
        ("{overrides: {tenant: {'exämple.com': {burst: 5}}}}", "must be ASCII"),
        ("{overrides: {network: {192.0.2.1/24: {burst: 5}}}}", "bits set beyond the prefix"),
        ("{overrides: {tenant: {example.com: {warm_up: {since: soon, start_per_day: 5}}}}}", "is no day"),
        ("{overrides: {tenant: {example.com: {warm_up: {since: 2026-03-01}}}}}", "is missing"),
        ("{dynamic: {least: 2}}", "least"),
    ],
)
def test_what_makes_no_sense_is_refused(quotas, text, problem):
    with pytest.raises(ConfigErrors) as caught:
        quotas(f"quotas: {text}\n")
    assert problem in str(caught.value)
    assert ":1: quotas" in str(caught.value)
