# SPDX-License-Identifier: GPL-3.0-or-later
"""Return paths that keep the sender's address: ``prvs=KDDDSSSSSS=local@domain`` (draft-levine-smtp-batv-01).

K is the number of the key, DDD the day on which the tag expires (days since 1970-01-01, modulo 1000), SSSSSS the
beginning of an HMAC in hexadecimal.  It is short, for the address has to stay within a local part: a forger hits it
once in sixteen million attempts, and what he wins is one bounce in one mailbox.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.signing.feedback_token import DAY_S
from postward.signing.token_fault import TokenFault

if TYPE_CHECKING:
    from postward.signing.feedback_keys import FeedbackKey, FeedbackKeys

_PREFIX = "prvs="
MAX_LOCAL_PART_OCTETS = 64
"""RFC 5321 section 4.5.3.1.1."""
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LOCAL_PART = re.compile(_ATOMS)
_TAGGED = re.compile(rf"[Pp][Rr][Vv][Ss]=([0-9])([0-9]{{3}})([0-9A-Fa-f]{{6}})=({_ATOMS})")
_DAYS = 1000
_KEYS = 10
_MAC_OCTETS = 3
_CLOCK_DAYS = 1
"""The clocks of a fleet may differ around midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatvReading:
    """What has become of the attempt to take a tag off."""

    address: str = ""
    """The address as it was before it was tagged; "" where the tag is not to be believed."""
    fault: TokenFault | None = None


def has_tag_form(address: str) -> bool:
    """Whether an address looks tagged, by whomever."""
    return address[: len(_PREFIX)].lower() == _PREFIX


def tag(address: str, keys: FeedbackKeys, *, now_s: float, max_age_days: int) -> str | None:
    """Tag an address so that bounces to it are believed for ``max_age_days``; None for one that cannot be tagged.

    Such a one is tagged already, too long, or has a local part that needs quotes or is not ASCII.
    """
    local_part, _, domain = address.rpartition("@")
    if has_tag_form(address) or not domain.isascii() or not domain or not _LOCAL_PART.fullmatch(local_part):
        return None
    key = keys.current
    stamp = f"{key.id % _KEYS}{(int(now_s // DAY_S) + max_age_days) % _DAYS:03}"
    tagged = f"{_PREFIX}{stamp}{_mac(key, stamp, local_part, domain).hex()}={local_part}"
    return f"{tagged}@{domain}" if len(tagged) <= MAX_LOCAL_PART_OCTETS else None


def untag(address: str, keys: FeedbackKeys, *, now_s: float, max_age_days: int) -> BatvReading:
    """Take a tag off that is ours, in either case; whatever ``address`` holds, nothing is raised."""
    head, _, domain = address.rpartition("@")
    # No tag of ours is longer: what is, need not be read.
    found = _TAGGED.fullmatch(head) if len(head) <= MAX_LOCAL_PART_OCTETS and domain.isascii() else None
    if found is None or not domain:
        return BatvReading(fault=TokenFault.MALFORMED)
    number, day, mac, local_part = found.groups()
    candidates = [key for key in keys if key.id % _KEYS == int(number)]
    if not candidates:
        return BatvReading(fault=TokenFault.UNKNOWN_KEY)
    given = bytes.fromhex(mac)
    if not any(hmac.compare_digest(given, _mac(key, number + day, local_part, domain)) for key in candidates):
        return BatvReading(fault=TokenFault.FORGED)
    days_left = (int(day) - int(now_s // DAY_S)) % _DAYS
    if days_left > max_age_days + _CLOCK_DAYS:
        return BatvReading(fault=TokenFault.EXPIRED)
    return BatvReading(address=f"{local_part}@{domain}")


def _mac(key: FeedbackKey, stamp: str, local_part: str, domain: str) -> bytes:
    # MTAs on the way fold the case of local parts, though they should not (RFC 5321 section 2.4).
    return key.digest(b"batv", f"{stamp}{local_part}@{domain}".lower().encode("ascii"), _MAC_OCTETS)
