# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.keys.names import key_domain, key_selector, new_selector
from postward.errors import UsageError


@pytest.mark.parametrize(
    ("text", "name"),
    [("Example.COM.", "example.com"), ("b\u00fccher.example", "xn--bcher-kva.example"), ("a_b.example", "a_b.example")],
)
def test_a_domain_becomes_what_dns_has(text, name):
    assert key_domain(text) == name


@pytest.mark.parametrize(
    "text", ["", "..", "../evil", "a/b", "a..b", ".hidden", "-a.example", "a b", "a\0b", "x" * 254, "*", "\udc80"]
)
def test_what_could_lead_out_of_the_folder_is_no_name(text):
    for check in (key_domain, lambda selector: key_selector(selector, "example.com")):
        with pytest.raises(UsageError):
            check(text)


def test_a_selector_leaves_room_for_the_domain_in_the_name_of_the_record():
    domain = ".".join(["a" * 60] * 3)
    longest = "s" * (253 - len(f"._domainkey.{domain}"))
    assert key_selector(longest, domain) == longest
    with pytest.raises(UsageError, match="too long"):
        key_selector(f"{longest}s", domain)


def test_a_selector_tells_day_and_algorithm_and_is_never_taken():
    assert new_selector("rsa", 1_795_478_400.0, ()) == "pw20261124r"
    assert new_selector("ed25519", 1_795_478_400.0, {"pw20261124e", "pw20261124e2"}) == "pw20261124e3"
