# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses and display names of the authors of a message, for whoever judges more than their domains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dmarc.author import MAX_FIELDS, MAX_VALUE_BYTES
from postward.authn.dmarc.author_tokens import AuthorSyntaxError, TokenKind, tokenize
from postward.authn.dmarc.mailboxes import MailboxReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.dmarc.author_tokens import AddressToken
    from postward.authn.dmarc.mailboxes import Mailbox

_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_FOLD = re.compile(r"\r?\n")
# RFC 5322 section 3.2.3, and section 3.2 of RFC 6532; what else needs quotes keeps them.
_DOT_ATOM_LIKE = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One mailbox of From."""

    address: str
    """The local part without quotes that it does not need, the domain as A-labels in lower case."""
    display_name: tuple[str, ...] = ()
    """Its words, without quotes; encoded words (RFC 2047) stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """All that the From fields of a message name."""

    mailboxes: tuple[Author, ...] = ()
    """Each address once, in the order in which they stand."""
    is_readable: bool = True
    """False where a field is malformed, too long or may be read in different ways, and so may name others besides."""


def read_authors(from_values: Sequence[bytes]) -> Authors:
    """Read the values of all From fields; never raises."""
    by_address: dict[str, Author] = {}
    is_readable = len(from_values) <= MAX_FIELDS
    for value in from_values[:MAX_FIELDS]:
        reader = MailboxReader()
        try:
            reader.read(tokenize(value[:MAX_VALUE_BYTES].decode("utf-8", "surrogateescape")))
        except AuthorSyntaxError:
            is_readable = False
        is_readable = is_readable and len(value) <= MAX_VALUE_BYTES
        for mailbox in reader.mailboxes:
            author = _author(mailbox)
            by_address.setdefault(author.address.lower(), author)
    return Authors(mailboxes=tuple(by_address.values()), is_readable=is_readable)


def _author(mailbox: Mailbox) -> Author:
    return Author(
        address=f"{_local_part(mailbox.local_part)}@{mailbox.domain}",
        display_name=_words(mailbox.display_name),
    )


def _words(tokens: Sequence[AddressToken]) -> tuple[str, ...]:
    words: list[list[str]] = []
    for token in tokens:
        if token.gap_before or not words:
            words.append([])
        words[-1].append(_content(token))
    return tuple(map("".join, words))


def _local_part(tokens: Sequence[AddressToken]) -> str:
    # RFC 5322 section 3.4.1: "alice" and alice are the same, where nothing in it needs the quotes.
    content = "".join(map(_content, tokens))
    return content if _DOT_ATOM_LIKE.fullmatch(content) else _FOLD.sub("", "".join(token.text for token in tokens))


def _content(token: AddressToken) -> str:
    """What a token stands for: a quoted string without its quotes, quoted pairs and folds."""
    if token.kind is not TokenKind.QUOTED:
        return token.text
    return _QUOTED_PAIR.sub(r"\1", _FOLD.sub("", token.text[1:-1]))
