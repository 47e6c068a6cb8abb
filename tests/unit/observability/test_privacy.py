# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.observability.privacy import AddressPrivacy, show_address, show_text

FULL, DOMAIN, NONE = AddressPrivacy.FULL, AddressPrivacy.DOMAIN, AddressPrivacy.NONE


@pytest.mark.parametrize(
    ("address", "privacy", "shown"),
    [
        ("joe@example.com", FULL, "joe@example.com"),
        ("joe@example.com", DOMAIN, "@example.com"),
        ('"a@b"@example.com', DOMAIN, "@example.com"),
        ("joe@example.com", NONE, None),
        ("joe", DOMAIN, "…"),
        ("", FULL, ""),
        ("", NONE, ""),
    ],
)
def test_addresses(address, privacy, shown):
    assert show_address(address, privacy) == shown


def test_addresses_quoted_in_a_reason_are_reduced():
    reason = "From is <joe@example.com>, said ann@example.net"
    assert show_text(reason, FULL) == reason
    assert show_text(reason, DOMAIN) == "From is <…@example.com>, said …@example.net"
    assert show_text(reason, NONE) == "From is <…>, said …"


def test_a_quoted_local_part_goes_as_a_whole():
    assert show_text('for "joe doe"@example.com.', DOMAIN) == "for …@example.com."
    assert show_text('"@example.com and a@b@c', DOMAIN) == "…@example.com and …@…@c"
    assert show_text("a@b@c d@", NONE) == "…… …"


def test_no_part_of_a_long_local_part_is_left():
    for privacy in (DOMAIN, NONE):
        assert "secret" not in show_text("secret" * 50 + "@example.com", privacy)
