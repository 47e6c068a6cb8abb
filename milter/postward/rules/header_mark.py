# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks in header fields that only this installation can make: for mail that goes out to a gateway and comes back."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from postward.rules.errors import RuleFailure

if TYPE_CHECKING:
    from postward.rules.message.header_view import HeaderView

LIFETIME_S = 7 * 86_400
_CLOCK_SKEW_S = 300
_PURPOSE = b"postward rule mark 1"
_COVERED = ("message-id", "from", "date")
_MARK = re.compile(r"t=([0-9]{1,12}); h=([0-9a-f]{64})", re.ASCII)


def make(name: str, headers: HeaderView, secret: bytes, now_s: float) -> str:
    """Give the value of a field of that name, good for seven days and for this message alone.

    Raises RuleFailure where there is no secret.
    """
    if not secret:
        raise RuleFailure("there is no secret to make a mark with")
    made_s = int(now_s)
    return f"t={made_s}; h={_digest(name, headers, secret, made_s)}"


def is_valid(value: str, name: str, headers: HeaderView, secret: bytes, now_s: float) -> bool:
    """Whether the value was made here, for a message with this Message-ID, From and Date, and not too long ago."""
    mark = _MARK.fullmatch(value.strip())
    if mark is None or not secret:
        return False
    made_s = int(mark.group(1))
    if not made_s - _CLOCK_SKEW_S <= now_s < made_s + LIFETIME_S:
        return False
    return hmac.compare_digest(mark.group(2), _digest(name, headers, secret, made_s))


def _digest(name: str, headers: HeaderView, secret: bytes, made_s: int) -> str:
    """Keyed hash; each value by its length, for nothing to move from one to the next, and without its folds."""
    digest = hmac.new(secret, _PURPOSE, hashlib.sha256)
    for part in (name.lower(), str(made_s), *(value for field in _COVERED for value in _values(headers, field))):
        octets = part.encode("utf-8", "surrogateescape")
        digest.update(len(octets).to_bytes(4) + octets)
    return digest.hexdigest()


def _values(headers: HeaderView, name: str) -> tuple[str, ...]:
    """Every field of the name, after their number: one more From makes another message."""
    values = [" ".join(text.raw.decode("utf-8", "surrogateescape").split()) for text in headers.all(name)]
    return str(len(values)), *values
