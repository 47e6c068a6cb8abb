# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.author_domain import CHECK
from tests.unit.checks.content.letters import found, letter

ZONE = {
    "usual.example": [{"MX": [10, "mx.usual.example"]}],
    "host.example": [{"A": "192.0.2.1"}],
    "six.example": [{"AAAA": "2001:db8::1"}],
    "null.example": [{"MX": [0, ""]}],
    "text.example": [{"TXT": "v=spf1 -all"}],
    "slow.example": ["TIMEOUT"],
}


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        ("usual.example", []),
        ("host.example", []),
        ("six.example", []),
        ("null.example", ["AUTHOR_DOMAIN_NULL_MX"]),
        ("text.example", ["AUTHOR_DOMAIN_TAKES_NO_MAIL"]),
        ("gone.example", ["AUTHOR_DOMAIN_MISSING"]),
        # Nobody knows.
        ("slow.example", []),
    ],
)
def test_domain(domain, names):
    assert found(CHECK, letter(f"From: Alice <a@{domain}>\n\n", zone=ZONE)) == names


def test_no_domain_is_not_asked_for():
    assert found(CHECK, letter("From: Alice\n\n", zone=ZONE)) == []
