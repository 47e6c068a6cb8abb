# SPDX-License-Identifier: GPL-3.0-or-later
"""The control field by which the MTA knows that a message goes by another way.

Its value is a token that says nothing and cannot be guessed.  The MTA acts on fields that a milter adds, and on no
other, so that one from outside routes nothing; it takes the field off again when it delivers.
"""

from __future__ import annotations

import hashlib
import hmac
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.action import AddHeader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.model.action import Plan

FIELD_NAME = "X-Postward-Route"
_PURPOSE = b"postward route token 1"
_TOKEN_CHARS = 32


def route_tokens(secret: bytes, names: Iterable[str]) -> Mapping[str, str]:
    """Give the token of each route by its name; ``secret`` is this host's own, of which a key for this is made."""
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return MappingProxyType({name: _token(key, name) for name in names})


def _token(key: bytes, name: str) -> str:
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:_TOKEN_CHARS]


def route_field(token: str) -> AddHeader:
    """Give the field; it stands below all others, where nothing else is counted from the top."""
    return AddHeader(name=FIELD_NAME, value=token.encode("ascii"), at_bottom=True)


def is_routed(plan: Plan) -> bool:
    """Whether a plan sends its message by another way than the usual one."""
    return any(addition.name == FIELD_NAME for addition in plan.additions)
