# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of somebody, in a clause for people; it names kinds, and nothing of it is text from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.identity import IdentityKind

if TYPE_CHECKING:
    from postward.model.estimate import Estimate, Level

_NAMES = {
    IdentityKind.ALL: "all mail",
    IdentityKind.IP: "this address",
    IdentityKind.NETWORK: "this network",
    IdentityKind.ASN: "this autonomous system",
    IdentityKind.HELO: "this HELO name",
    IdentityKind.SPF_DOMAIN: "the envelope sender's domain",
    IdentityKind.DKIM_DOMAIN: "the signing domain",
    IdentityKind.AUTHOR_DOMAIN: "the author's domain",
    IdentityKind.ORGANIZATION: "the sender's organization",
    IdentityKind.PAIR: "this sender at this address",
    IdentityKind.LOGIN: "this user",
    IdentityKind.TENANT: "this domain of ours",
    IdentityKind.OUTGOING_IP: "this address of ours",
}


def known_words(found: Estimate) -> str:
    """Tell by whom an estimate is founded, and on what: "this network: 4,210 messages seen, 0.3 % bad"."""
    level = _founding(found)
    return f"{_NAMES[level.identity.kind]}: {_seen(level)}, {_percent(_bad_share(level))} bad"


def hard_words(found: Estimate) -> str:
    """Tell of grave evidence, which only malware is until now: "this address: 12 messages seen, malware among them"."""
    level = _founding(found)
    return f"{_NAMES[level.identity.kind]}: {_seen(level)}, malware among them"


def _founding(found: Estimate) -> Level:
    """The narrowest level of which something is known."""
    return next((level for level in reversed(found.levels) if level.record is not None), found.levels[-1])


def _seen(level: Level) -> str:
    messages = round(level.record.seen) if level.record is not None else 0
    return f"{messages:,} message{'' if messages == 1 else 's'} seen"


def _bad_share(level: Level) -> float:
    record = level.record
    return record.bad / record.weight if record is not None and record.weight > 0 else level.mean


def _percent(share: float) -> str:
    """Round to what can be read, and call nothing 0 or 100 % that is not."""
    percent = share * 100
    if 0 < percent < 0.1:  # noqa: PLR2004 - the smallest that one digit can tell
        return "under 0.1 %"
    text = f"{percent:.1f}".removesuffix(".0")
    return f"{'99.9' if text == '100' and percent < 100 else text} %"  # noqa: PLR2004 - all of it
