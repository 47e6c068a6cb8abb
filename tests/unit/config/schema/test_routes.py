# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config import load
from postward.errors import ConfigErrors
from postward.model.route import Route


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return read


def test_by_default_there_is_none():
    assert dict(load(None).routes) == {}


@pytest.mark.parametrize(
    ("written", "route"),
    [
        ("smtp:[relay.example.com]:587", Route(transport="smtp", next_hop="[relay.example.com]:587")),
        ("smtp:[relay.example.com]", Route(transport="smtp", next_hop="[relay.example.com]")),
        ("smtp:[192.0.2.1]:25", Route(transport="smtp", next_hop="[192.0.2.1]:25")),
        ("smtp:[2001:db8::1]:25", Route(transport="smtp", next_hop="[2001:db8::1]:25")),
        ("relay:example.com:2525", Route(transport="relay", next_hop="example.com:2525")),
        ("tls-only:", Route(transport="tls-only")),
        ("lmtp:unix:/run/lmtp.sock", Route(transport="lmtp", next_hop="unix:/run/lmtp.sock")),
    ],
)
def test_a_destination_is_a_transport_with_or_without_a_next_hop(read, written, route):
    config = read(f'routes: {{partner: "{written}"}}\n')
    assert dict(config.routes) == {"partner": route}
    assert str(config.routes["partner"]) == written


@pytest.mark.parametrize(
    "written",
    [
        "relay.example.com",
        ":[relay.example.com]",
        "smtp:[relay.example.com]:0",
        "smtp:[relay.example.com]:65536",
        "smtp:[relay.example.com]:smtp",
        "smtp:[relay.example.com] REDIRECT",
        "smtp:[]:25",
        "smtp:[a..b]:25",
        "smtp:[fe80::1%eth0]:25",
        "smtp:relay.example.com, other",
        "smtp:${1}",
        "sm tp:[relay.example.com]",
        "smtp:[relay.example.com]:25\\nx",
        "-o:[relay.example.com]",
        "",
    ],
)
def test_whatever_else_postfix_could_make_of_it_is_refused(read, written):
    with pytest.raises(ConfigErrors) as refused:
        read(f'routes:\n  good: "smtp:[relay.example.com]"\n  bad: "{written}"\n')
    (error,) = refused.value.errors
    assert (error.line, error.key) == (3, "routes.bad")


@pytest.mark.parametrize("name", ["Partner", "a b", "-a", '""', "a.b", "x" * 65])
def test_a_name_that_is_none(read, name):
    with pytest.raises(ConfigErrors):
        read(f'routes: {{{name}: "smtp:[relay.example.com]"}}\n')
