# SPDX-License-Identifier: GPL-3.0-or-later
"""The token that our mail carries, and by which a bounce or a complaint shows that it is about mail of ours.

Twenty-one octets say whose mail it was, then ten of an HMAC over them: fifty characters of base32 in lower case, which
fit a local part (RFC 5321 section 4.5.3.1.1), survive MTAs that fold case, and are a CFBL-Feedback-ID (RFC 9477).
Nothing is stored for a message: who holds the secret can read and believe a token.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING

from postward.signing.token_fault import TokenFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.signing.feedback_keys import FeedbackKey, FeedbackKeys

TOKEN_LENGTH = 50
DAY_S = 86_400
_VERSION = 1
# Version, key, tenant, pool, day, recipient, message.
_PAYLOAD = Struct(">BB4sBH6s6s")
_MAC_OCTETS = 10
_TENANT_OCTETS = 4
_HASH_OCTETS = 6
_TEXT = re.compile(rf"[a-zA-Z2-7]{{{TOKEN_LENGTH}}}")
_PADDING = "=" * (-TOKEN_LENGTH % 8)
_MAX_DAY = 0xFFFF
_CLOCK_DAYS = 1
"""The clocks of a fleet may differ around midnight."""
NOBODY = bytes(_HASH_OCTETS)
"""Stands for the recipient where there are several: one token cannot name them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackToken:
    """What a token that is ours says; the hashes are keyed, so that nobody else can tell whose they are."""

    pool: str
    """The group of hosts or addresses that the message left from: one letter."""
    day: int
    """When it was made: days since 1970-01-01."""
    tenant_hash: bytes
    recipient_hash: bytes
    message_hash: bytes
    key: FeedbackKey = field(repr=False)

    def is_of_tenant(self, tenant: str) -> bool:
        """Whether the mail was that of ``tenant``."""
        return hmac.compare_digest(self.tenant_hash, _tenant_hash(self.key, tenant))

    def is_to(self, recipient: str) -> bool:
        """Whether the mail went to ``recipient`` alone."""
        return hmac.compare_digest(self.recipient_hash, _recipient_hash(self.key, [recipient]))

    def is_of_message(self, message_id: bytes) -> bool:
        """Whether the mail had this Message-ID."""
        return hmac.compare_digest(self.message_hash, _message_hash(self.key, message_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReading:
    """What has become of the attempt to read a token."""

    token: FeedbackToken | None = None
    """None where it is not to be believed."""
    fault: TokenFault | None = None
    """Why not."""


def mint(
    keys: FeedbackKeys, *, tenant: str, pool: str, recipients: Sequence[str], message_id: bytes, now_s: float
) -> str:
    """Make a token; ``pool`` is one ASCII letter, ``message_id`` the field's value, ``now_s`` Unix time."""
    key = keys.current
    payload = _PAYLOAD.pack(
        _VERSION,
        key.id,
        _tenant_hash(key, tenant),
        ord(pool),
        day_of(now_s),
        _recipient_hash(key, recipients),
        _message_hash(key, message_id),
    )
    return _encoded(payload + _mac(key, payload))


def verify(text: str, keys: FeedbackKeys, *, now_s: float, max_age_days: int) -> TokenReading:
    """Read a token in either case; whatever ``text`` holds, nothing is raised."""
    octets = _decoded(text)
    if octets is None:
        return TokenReading(fault=TokenFault.MALFORMED)
    payload, mac = octets[: _PAYLOAD.size], octets[_PAYLOAD.size :]
    version, key_id, tenant, pool, day, recipient, message = _PAYLOAD.unpack(payload)
    if version != _VERSION:
        return TokenReading(fault=TokenFault.UNKNOWN_VERSION)
    candidates = [key for key in keys if key.id == key_id]
    if not candidates:
        return TokenReading(fault=TokenFault.UNKNOWN_KEY)
    for key in candidates:
        if hmac.compare_digest(mac, _mac(key, payload)):
            fault = _fault_of_day(day, now_s, max_age_days)
            if fault is not None:
                return TokenReading(fault=fault)
            token = FeedbackToken(
                pool=chr(pool), day=day, tenant_hash=tenant, recipient_hash=recipient, message_hash=message, key=key
            )
            return TokenReading(token=token)
    return TokenReading(fault=TokenFault.FORGED)


def day_of(now_s: float) -> int:
    """Days since 1970-01-01, as far as two octets hold them: until the year 2149."""
    return min(max(int(now_s // DAY_S), 0), _MAX_DAY)


def _fault_of_day(day: int, now_s: float, max_age_days: int) -> TokenFault | None:
    age_days = day_of(now_s) - day
    if age_days < -_CLOCK_DAYS:
        return TokenFault.NOT_YET_VALID
    return TokenFault.EXPIRED if age_days > max_age_days else None


def _encoded(octets: bytes) -> str:
    return b32encode(octets).decode("ascii").rstrip("=").lower()


def _decoded(text: str) -> bytes | None:
    if not _TEXT.fullmatch(text):
        return None
    octets = b32decode(text.upper() + _PADDING)
    # The last character has bits that stand for nothing (RFC 4648 section 3.5): one token has one spelling.
    return octets if _encoded(octets) == text.lower() else None


def _mac(key: FeedbackKey, payload: bytes) -> bytes:
    return key.digest(b"feedback token", payload, _MAC_OCTETS)


def _tenant_hash(key: FeedbackKey, tenant: str) -> bytes:
    return key.digest(b"tenant", _octets(tenant), _TENANT_OCTETS)


def _recipient_hash(key: FeedbackKey, recipients: Sequence[str]) -> bytes:
    if len(recipients) != 1:
        return NOBODY
    # Reports give the address back in any case.
    return key.digest(b"recipient", _octets(recipients[0].lower()), _HASH_OCTETS)


def _message_hash(key: FeedbackKey, message_id: bytes) -> bytes:
    return key.digest(b"message", message_id.strip(), _HASH_OCTETS)


def _octets(text: str) -> bytes:
    """Any text, lone surrogates included, which stand for octets that are not UTF-8 (PEP 383)."""
    return text.encode("utf-8", "surrogatepass")
