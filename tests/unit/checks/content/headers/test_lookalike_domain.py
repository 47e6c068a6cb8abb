# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.lookalike_domain import CHECK
from tests.unit.checks.content.letters import found, letter


def _found(domain, *, ours="bob@example.com"):
    return found(CHECK, letter(f"From: x@{domain}\n\n", recipients=[ours]))


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        # Cyrillic a, as an A-label and as it is.
        ("xn--pypal-4ve.com", ["DOMAIN_MIXED_SCRIPT", "DOMAIN_LIKE_BRAND"]),
        ("p\u0430ypal.com", ["DOMAIN_MIXED_SCRIPT", "DOMAIN_LIKE_BRAND"]),
        # All letters are Cyrillic.
        ("\u0441\u0430\u0440\u0435.com", ["DOMAIN_DISGUISED"]),
        ("paypa1.com", ["DOMAIN_LIKE_BRAND"]),
        ("mail.rnicrosoft.com", ["DOMAIN_LIKE_BRAND"]),
        ("arnazon.com", ["DOMAIN_LIKE_BRAND"]),
        ("faceb00k.net", ["DOMAIN_LIKE_BRAND"]),
        # Real names.
        ("paypal.com", []),
        ("amazon.co.uk", []),
        ("b\u00fccher.example", []),
        ("\u043f\u0440\u0438\u0432\u0435\u0442\u0436.com", []),
        ("\u30c6\u30b9\u30c8abc.example", []),
        ("sender.example", []),
        ("localhost", []),
    ],
)
def test_domain(domain, names):
    assert _found(domain) == names


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        ("rnillerbank.example", ["DOMAIN_LIKE_OURS"]),
        ("mi11erbank.example", ["DOMAIN_LIKE_OURS"]),
        ("miller-bank.example", ["DOMAIN_LIKE_OURS"]),
        ("millerbank.example.evil.example", ["DOMAIN_LIKE_OURS"]),
        ("millerbank.example", []),
        ("mail.millerbank.example", []),
        # Under another suffix it is another firm, or ours.
        ("millerbank.com", []),
        ("millersbank.example", []),
        ("millerbank.example.com", ["DOMAIN_LIKE_OURS"]),
    ],
)
def test_our_own_domain(domain, names):
    assert _found(domain, ours="bob@millerbank.example") == names


def test_our_name_in_another_country():
    assert _found("millerbank.com.br", ours="bob@millerbank.com") == []
    assert _found("millerbank.com.evil.br", ours="bob@millerbank.com") == ["DOMAIN_LIKE_OURS"]


def test_short_names_are_like_too_many():
    assert _found("d0x.example", ours="bob@dox.example") == []
