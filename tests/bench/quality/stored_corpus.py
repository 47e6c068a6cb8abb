# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the corpus lies, and which message is ham and which is spam.

The npm package holds each message twice, as JSON and as it is; the second are the files of the SpamAssassin project,
octet for octet: all but one have the MD5 digest that stands in their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus" / "node_modules" / "@stdlib" / "datasets-spam-assassin" / "data"


class Kind(StrEnum):
    """What a message is, by the word of those who received it."""

    EASY_HAM = "easy_ham"
    HARD_HAM = "hard_ham"
    """Wanted, and much like spam: newsletters, HTML, offers."""
    SPAM = "spam"


_FOLDERS = {
    "easy-ham-1": Kind.EASY_HAM,
    "easy-ham-2": Kind.EASY_HAM,
    "hard-ham-1": Kind.HARD_HAM,
    "spam-1": Kind.SPAM,
    "spam-2": Kind.SPAM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One message of the corpus."""

    name: str
    """Folder and file."""
    kind: Kind
    path: Path


def stored_messages(folder: Path = FOLDER) -> list[StoredMessage]:
    """All messages in their order; none where the corpus is not installed."""
    return [
        StoredMessage(name=f"{path.parent.name}/{path.name}", kind=kind, path=path)
        for name, kind in _FOLDERS.items()
        for path in sorted((folder / name).glob("*.txt"))
    ]
