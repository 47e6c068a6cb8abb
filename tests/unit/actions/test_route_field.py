# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import hmac

from postward.actions.route_field import FIELD_NAME, route_field, route_tokens

SECRET = b"s" * 32


def test_a_token_is_the_same_at_every_start_and_another_for_every_route_and_host():
    tokens = route_tokens(SECRET, ["partner", "archive"])
    assert dict(route_tokens(SECRET, ["archive", "partner"])) == dict(tokens)
    assert len({*tokens.values(), *route_tokens(b"t" * 32, tokens).values()}) == 4


def test_it_says_nothing_of_its_route_and_fits_into_a_pattern():
    token = route_tokens(SECRET, ["partner"])["partner"]
    assert len(token) == 32
    assert set(token) <= set("0123456789abcdef")


def test_the_secret_itself_is_not_the_key():
    plain = hmac.new(SECRET, b"partner", hashlib.sha256).hexdigest()
    assert not plain.startswith(route_tokens(SECRET, ["partner"])["partner"])


def test_the_field_stands_below_all_others():
    field = route_field("0" * 32)
    assert (field.name, field.value, field.at_bottom) == (FIELD_NAME, b"0" * 32, True)
