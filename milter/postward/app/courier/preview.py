# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are shown of a kept message: short, and nothing in it that a terminal or a mail could act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.mime.message import MimeMessage
from postward.mime.stored_message import take_message
from postward.mime.words import decode_words
from postward.model.transaction import Transaction
from postward.observability.escape import escape, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_SUBJECT_CHARS = 200
_MAX_ADDRESS_CHARS = 200
_MAX_LINE_CHARS = 200
_SOURCE_CHARS = 20_000
_MAX_TOLD = 5
_LINE_END = re.compile(r"\r\n|[\r\n]")


def shown_subject(raw: str) -> str:
    """A subject as people read it; ``raw`` is as in ``KeptMessage.subject``."""
    return shorten(escape(decode_words(raw.encode("utf-8", "surrogateescape"))), _MAX_SUBJECT_CHARS)


def shown_address(address: str) -> str:
    """An envelope address; the null path as ``<>``."""
    return shorten(escape(address), _MAX_ADDRESS_CHARS) if address else "<>"


def shown_addresses(addresses: Sequence[str]) -> str:
    """The first of several addresses, and how many more there are."""
    told = ", ".join(shown_address(address) for address in addresses[:_MAX_TOLD])
    more = len(addresses) - _MAX_TOLD
    return f"{told} and {more} more" if more > 0 else told


def first_lines(content: bytes, most: int) -> tuple[str, ...]:
    """The first lines of the text that a reader would see, empty ones left out."""
    transaction = Transaction("kept", started_s=0.0)
    take_message(transaction, content)
    mime = MimeMessage(transaction.headers, bytes(transaction.body))
    for part in mime.parts:
        if part.is_body:
            lines = (line.strip() for line in _LINE_END.split(part.text(_SOURCE_CHARS)))
            found = tuple(shorten(escape(line, also="\t"), _MAX_LINE_CHARS) for line in lines if line)[:most]
            if found:
                return found
    return ()
