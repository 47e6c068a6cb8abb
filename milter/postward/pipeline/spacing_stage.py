# SPDX-License-Identifier: GPL-3.0-or-later
"""Write lists of addresses as Sendmail will send them on, before they are signed.

Sendmail writes the fields that hold addresses anew on their way out, with a blank behind each comma.  Where there was
none, a signature over what came would not verify (RFC 6376 section 3.4.2 joins blanks, and makes none).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.action import HeaderChange
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.examination import Examination
    from postward.model.action import Plan
    from postward.model.transaction import Transaction

_SENDMAIL = re.compile(r"\d+\.\d", re.ASCII)
"""Sendmail gives its version as a number alone; Postfix says its name first."""
_NAMES = frozenset(
    {b"from", b"sender", b"reply-to", b"to", b"cc", b"resent-from", b"resent-sender", b"resent-to", b"resent-cc"}
)
_PART = re.compile(rb'"(?:[^"\\]|\\.)*+"?|\((?:[^()\\]|\\.)*+\)?|<[^<>]*+>|,(?=[^\s,])', re.DOTALL)


class SpacingStage:
    """Changes mail of our own users, where Sendmail is the MTA."""

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Add what has to change."""
        transaction = examination.transaction
        connection = transaction.known_connection
        if transaction.origin.direction is not Direction.OUTBOUND or connection is None:
            return plan
        if not _SENDMAIL.match(connection.mta_version):
            return plan
        settled = {change.position for change in plan.changes} | {removal.position for removal in plan.removals}
        changes = tuple(change for change in _changes(transaction) if change.position not in settled)
        return replace(plan, changes=(*plan.changes, *changes)) if changes else plan


def spaced(value: bytes) -> bytes:
    """Put a blank behind each comma that has none and stands between addresses."""
    return _PART.sub(lambda part: b", " if part[0] == b"," else part[0], value)


def _changes(transaction: Transaction) -> Iterator[HeaderChange]:
    seen = dict.fromkeys(_NAMES, 0)
    for position, field in enumerate(transaction.fields):
        if field.key not in seen:
            continue
        seen[field.key] += 1
        value = spaced(field.value)
        if value != field.value:
            yield HeaderChange(
                name=field.name, occurrence=seen[field.key], position=position, value=value.removeprefix(b" ")
            )
