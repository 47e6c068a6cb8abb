# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.pipeline.lasting_sender import lasting_sender


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice@Example.COM", "alice@example.com"),
        ("prvs=3241a1b2c3=alice@example.com", "prvs=3247ffeedd=alice@example.com"),
        ("prvs=3241a1b2c3=alice@example.com", "alice@example.com"),
        ("SRS0=HhHh=TT=example.org=bob@relay.example", "SRS0=abcd=2A=example.org=bob@relay.example"),
        ("SRS0+HhHh=TT=example.org=bob@relay.example", "SRS0+x/+z=TX=example.org=bob@relay.example"),
        (
            "bounces+1234567-ab3f-you=example.net@em.shop.example",
            "bounces+7654321-cd4e-you=example.net@em.shop.example",
        ),
        ("msprvs1=20717d4kRw9qE=bounces-1@shop.example", "msprvs1=20718aBcDe1xY=bounces-2@shop.example"),
        ("list-return-101-bob=example.net@lists.example", "list-return-102-bob=example.net@lists.example"),
    ],
)
def test_what_changes_with_the_message_makes_no_other_sender(one, other):
    assert lasting_sender(one) == lasting_sender(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice@example.com", "bob@example.com"),
        ("alice@example.com", "alice@example.net"),
        ("a@163.com", "a@126.com"),
        ("SRS0=HhHh=TT=example.org=bob@relay.example", "SRS0=HhHh=TT=example.com=bob@relay.example"),
        ("prvs=3241a1b2c3=alice@example.com", "prvs=3241a1b2c3=bob@example.com"),
        ("list-return-101-bob=example.net@lists.example", "list-return-101-eve=example.net@lists.example"),
        ("", "alice@example.com"),
    ],
)
def test_other_people_are_other_senders(one, other):
    assert lasting_sender(one) != lasting_sender(other)


def test_the_null_path_stays():
    assert lasting_sender("") == ""


@pytest.mark.parametrize(
    "text", ["\udcff@\udcff", "prvs=", "srs0=", "@", "a" * 100_000, "1" * 100_000 + "@", "=" * 99_999]
)
def test_anything_is_an_address(text):
    assert isinstance(lasting_sender(text), str)
