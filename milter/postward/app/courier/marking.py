# SPDX-License-Identifier: GPL-3.0-or-later
"""Give a message our mark, so that it is left alone when it comes back through the milter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.delivery import field_of
from postward.mime.stored_message import take_message
from postward.model.transaction import Transaction

if TYPE_CHECKING:
    from postward.checks.pass_mark import PassMark


def marked(content: bytes, mark: PassMark) -> bytes:
    """Put a fresh mark above the message, of which every octet stays."""
    transaction = Transaction("kept", started_s=0.0)
    take_message(transaction, content)
    return field_of(mark.issue_anew(transaction.headers)).raw + content
