# SPDX-License-Identifier: GPL-3.0-or-later
"""One rule that matched a message as one event: the audit line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from postward.model.action_words import action_words
from postward.observability.event import Event, Level
from postward.observability.privacy import AddressPrivacy, show_address, show_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.model.rule_action import RuleAction
    from postward.model.rule_outcome import RuleMatch
    from postward.model.transaction import Transaction

EVENT_NAME = "rule.matched"
_HIDDEN = "…"


def rule_event(
    transaction: Transaction, match: RuleMatch, *, digest: str, privacy: AddressPrivacy, now_s: float
) -> Event:
    """Describe a rule that matched, or failed; ``digest`` is that of the rules in force."""
    return Event(
        name=EVENT_NAME,
        # The mail did not get what its operator wants done.
        level=Level.WARNING if match.error else Level.INFO,
        time_s=now_s,
        fields={
            "id": transaction.id,
            "qid": transaction.queue_id or None,
            "rule": match.rule,
            "mode": match.mode.value,
            "severity": match.severity or None,
            "digest": digest or None,
            "rcpts": len(match.recipients),
            "rcpt": _recipients(match, privacy),
            "seen": [f"{asked}: {show_text(seen, privacy)}" for asked, seen in match.seen] or None,
            "actions": list(_words(match.taken, privacy)) or None,
            "refused": [
                f"{_one(refused.action, privacy)}: {show_text(refused.reason, privacy)}" for refused in match.refused
            ]
            or None,
            "error": show_text(match.error, privacy) or None,
            "ms": match.spent_ms,
        },
    )


def _recipients(match: RuleMatch, privacy: AddressPrivacy) -> list[str] | None:
    if privacy is AddressPrivacy.NONE:
        return None
    return [_address(recipient, privacy) for recipient in match.recipients] or None


def _words(actions: Iterable[RuleAction], privacy: AddressPrivacy) -> Iterable[str]:
    return (_one(action, privacy) for action in actions)


def _one(action: RuleAction, privacy: AddressPrivacy) -> str:
    return action_words(
        action, show_address=partial(_address, privacy=privacy), show_text=partial(show_text, privacy=privacy)
    )


def _address(text: str, privacy: AddressPrivacy) -> str:
    """Leave words such as ``sender``, which stand for an address, as they are."""
    if "@" not in text:
        return text
    shown = show_address(text, privacy)
    return _HIDDEN if shown is None else shown
