# SPDX-License-Identifier: GPL-3.0-or-later
"""Where copies of messages go, by the name that rules know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postward.spool.archived_form import archived_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.spool.kept_message import KeptMessage
    from postward.spool.maildir import Maildir
    from postward.spool.message_store import MessageStore


class Archive(Protocol):
    """One archive."""

    def add(self, message: KeptMessage, content: bytes) -> Callable[[], None]:
        """Keep a copy, on disk when this returns; raises SpoolError.  What is returned takes it back."""
        ...


class MaildirArchive:
    """Writes copies into a maildir at once."""

    def __init__(self, maildir: Maildir) -> None:
        self._maildir = maildir

    def add(self, message: KeptMessage, content: bytes) -> Callable[[], None]:
        """See ``Archive``."""
        path = self._maildir.add(_form(message, content))
        return lambda: path.unlink(missing_ok=True)


class UploadedArchive:
    """Keeps copies on disk until they are uploaded, which happens later and at least once."""

    def __init__(self, pending: MessageStore) -> None:
        self._pending = pending

    def add(self, message: KeptMessage, content: bytes) -> Callable[[], None]:
        """See ``Archive``."""
        kept = self._pending.put(message, _form(message, content))
        return lambda: self._pending.delete(kept)


def _form(message: KeptMessage, content: bytes) -> bytes:
    return archived_form(content, sender=message.sender, recipients=message.recipients, rule=message.rule)
