# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept messages as people read them: nothing that came from outside reaches the terminal as it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.courier.preview import first_lines, shown_address, shown_addresses, shown_subject
from postward.observability.escape import escape, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.spool.kept_message import KeptMessage
    from postward.spool.message_store import Listing

_PREVIEW_LINES = 10
_MAX_PREVIEWED_OCTETS = 16 * 1024 * 1024
_WIDTHS = {"IDENTITY": 200, "RULE": 20, "SENDER": 32, "RECIPIENTS": 40, "SUBJECT": 48}
_KIBIBYTE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFilter:
    """Which messages are meant; "" and None leave a condition out."""

    rule: str = ""
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    newer_than: float | None = None
    """Seconds."""
    older_than: float | None = None

    def chosen(self, listing: Listing, now_s: float) -> list[KeptMessage]:
        """The messages that meet all conditions."""
        return [message for message in listing.messages if self._is_met(message, now_s)]

    def _is_met(self, message: KeptMessage, now_s: float) -> bool:
        age_s = now_s - message.time_s
        return (
            self.rule in {"", message.rule}
            and self.sender.lower() in message.sender.lower()
            and any(self.recipient.lower() in recipient.lower() for recipient in message.recipients)
            and self.subject.lower() in shown_subject(message.subject).lower()
            and (self.newer_than is None or age_s < self.newer_than)
            and (self.older_than is None or age_s > self.older_than)
        )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns of text, each as wide as it must be."""
    cut = [[shorten(cell, _WIDTHS.get(head, 30)) for head, cell in zip(heads, row, strict=True)] for row in rows]
    widths = [max(len(row[column]) for row in (list(heads), *cut)) for column in range(len(heads))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *cut))
    return "\n".join(line.rstrip() for line in lines)


def quarantine_table(messages: Sequence[KeptMessage]) -> str:
    """One line for each message."""
    heads = ("ID", "TIME", "RULE", "SENDER", "RECIPIENTS", "SUBJECT", "SIZE")
    return table(heads, [(*_cells(message, message.time_s), _size(message)) for message in messages])


def moderation_table(messages: Sequence[KeptMessage]) -> str:
    """One line for each message."""
    heads = ("ID", "EXPIRES", "RULE", "SENDER", "RECIPIENTS", "SUBJECT", "DECISION")
    rows = [
        (*_cells(message, held.expires_s), held.decision)
        for message in messages
        if (held := message.moderation) is not None
    ]
    return table(heads, rows)


def message_text(message: KeptMessage, content: bytes) -> str:
    """All that is known of a message, and how its text begins."""
    held = message.moderation
    known = [
        ("id", message.id),
        ("time", moment(message.time_s)),
        ("rule", escape(message.rule)),
        ("reason", escape(message.reason)),
        ("sender", shown_address(message.sender)),
        ("return path", shown_address(message.return_path) if message.return_path != message.sender else ""),
        ("recipients", shown_addresses(message.recipients)),
        ("subject", shown_subject(message.subject)),
        ("client", f"{escape(message.client) or 'this host'} ({escape(message.direction)})"),
        ("user", escape(message.user)),
        ("queue id", escape(message.queue_id)),
        ("transaction", escape(message.transaction_id)),
        ("size", _size(message)),
        ("sha256", escape(message.sha256)),
    ]
    if held is not None:
        known += [
            ("moderators", shown_addresses(held.moderators)),
            ("expires", f"{moment(held.expires_s)}, then {held.on_expire}"),
            ("decision", f"{held.decision} by {escape(held.decided_by)}" if held.decided_by else held.decision),
            ("attempts", str(held.attempts) if held.attempts else ""),
        ]
    width = max(len(name) for name, _ in known)
    lines = [f"{name:<{width}}  {value}" for name, value in known if value]
    if message.size_bytes <= _MAX_PREVIEWED_OCTETS and (first := first_lines(content, _PREVIEW_LINES)):
        lines += ["", *(f"> {line}" for line in first)]
    return "\n".join(lines)


def moment(unix_s: float) -> str:
    """A moment as people read it."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(unix_s))


def _cells(message: KeptMessage, moment_s: float) -> tuple[str, ...]:
    return (
        message.id,
        moment(moment_s),
        escape(message.rule),
        shown_address(message.sender),
        shown_addresses(message.recipients),
        shown_subject(message.subject),
    )


def _size(message: KeptMessage) -> str:
    return f"{max(1, round(message.size_bytes / _KIBIBYTE))} KiB"
