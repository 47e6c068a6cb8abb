# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the mailboxes of a From field (RFC 5322 sections 3.4 and 4.4, RFC 6854).

Read beyond the grammar, for such mail is common and means one thing only: a display name with unquoted specials
(``Doe, John <j@example.com>``, ``Tom @ Acme <t@example.com>``), an address as display name, dots at odd places of a
local part, a group that is not closed.  Display names are never decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dmarc.author_tokens import AddressToken, AuthorSyntaxError, TokenKind
from postward.dns.names import to_ascii

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

MAX_MAILBOXES = 100
"""Mailboxes of one field that are read at most."""

_HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


def mail_domain(text: str) -> str | None:
    """Give the A-label form of a domain that can be a mail domain; None for all else."""
    name = to_ascii(text)
    return name if name and _HOST_NAME.fullmatch(name) else None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox, or an address that stands unquoted in a display name."""

    local_part: tuple[AddressToken, ...]
    domain: str
    """As A-labels."""
    display_name: tuple[AddressToken, ...] = ()


class MailboxReader:
    """Reads a mailbox-list or address-list (RFC 6854), collecting every mailbox."""

    def __init__(self) -> None:
        self.mailboxes: list[Mailbox] = []
        self._tokens: list[AddressToken] = []
        self._position = 0

    @property
    def domains(self) -> list[str]:
        """The domain of every mailbox."""
        return [mailbox.domain for mailbox in self.mailboxes]

    def read(self, tokens: list[AddressToken]) -> None:
        """Read all of a field; raises AuthorSyntaxError where it is malformed, ambiguous or without a domain."""
        self._tokens = tokens
        self._read_list(in_group=False)
        if self._position < len(tokens):
            raise AuthorSyntaxError("text after an address")
        if not self.mailboxes:
            raise AuthorSyntaxError("no address")

    def _peek(self) -> str:
        """The next special as text, "" at the end, "a" before a word."""
        if self._position >= len(self._tokens):
            return ""
        token = self._tokens[self._position]
        return token.text if token.kind is TokenKind.SPECIAL else "a"

    def _take(self) -> AddressToken:
        if self._position >= len(self._tokens):
            raise AuthorSyntaxError("ends too soon")
        self._position += 1
        return self._tokens[self._position - 1]

    def _expect(self, special: str) -> None:
        if self._peek() != special:
            raise AuthorSyntaxError(f"no {special}")
        self._position += 1

    def _read_list(self, *, in_group: bool) -> None:
        # RFC 5322 section 4.4: obs-mbox-list may have empty elements.
        while True:
            while self._peek() == ",":
                self._position += 1
            if self._peek() in {"", ";"}:
                return
            self._read_address(in_group=in_group)
            if self._peek() not in {",", "", ";"}:
                raise AuthorSyntaxError("no comma between addresses")

    def _read_address(self, *, in_group: bool) -> None:
        phrase = self._take_all({"a", ".", "@"})
        following = self._peek()
        if following == "<":
            # After an address that stands in for a display name this is a second one, and both count.
            for local_part, domain in _addresses_shown(phrase):
                self._add(local_part, domain, ())
            self._read_angle_address(phrase)
        elif any(_is_at(token) for token in phrase):
            self._position -= len(phrase)
            self._read_addr_spec(())
        elif following == ":" and phrase and not in_group:
            self._read_group()
        elif not phrase:
            raise AuthorSyntaxError("no address")

    def _read_group(self) -> None:
        self._expect(":")
        self._read_list(in_group=True)
        if self._peek() == ";":
            self._position += 1

    def _take_all(self, kinds: Container[str]) -> list[AddressToken]:
        start = self._position
        while self._peek() in kinds and self._position < len(self._tokens):
            self._position += 1
        return self._tokens[start : self._position]

    def _read_angle_address(self, display_name: Sequence[AddressToken]) -> None:
        self._expect("<")
        if self._peek() == "@":
            # RFC 5322 section 4.4: obs-route names relays, not the author.
            self._take_all({"@", ",", "a", "."})
            self._expect(":")
        self._read_addr_spec(display_name)
        self._expect(">")

    def _read_addr_spec(self, display_name: Sequence[AddressToken]) -> None:
        local_part = self._take_all({"a", "."})
        _check_local_part(local_part)
        self._expect("@")
        name = self._take().text
        is_doubtful = False
        while self._peek() == ".":
            # RFC 5322 section 4.4 lets white space and comments stand between the labels.  Where what stands before
            # them is a whole domain by itself, some readers stop there and some do not.
            dot = self._take()
            label = self._take() if self._peek() == "a" else None
            has_gap = dot.gap_before or (label is not None and label.gap_before)
            is_doubtful = is_doubtful or (has_gap and "." in name)
            name += dot.text + (label.text if label else "")
        self._add(local_part, name, display_name)
        if is_doubtful:
            raise AuthorSyntaxError("white space or comment within a domain")

    def _add(self, local_part: Sequence[AddressToken], name: str, display_name: Sequence[AddressToken]) -> None:
        domain = mail_domain(name)
        if domain is None or len(self.mailboxes) >= MAX_MAILBOXES:
            raise AuthorSyntaxError("not a domain name, or too many of them")
        self.mailboxes.append(Mailbox(tuple(local_part), domain, tuple(display_name)))


def _is_at(token: AddressToken) -> bool:
    return token.kind is TokenKind.SPECIAL and token.text == "@"


def _addresses_shown(phrase: Sequence[AddressToken]) -> Iterator[tuple[Sequence[AddressToken], str]]:
    """Addresses that a reader sees in a display name; ``Tom @ Acme`` shows none, for its domain has no dot."""
    name: list[str] | None = None
    at = 0
    for position, token in enumerate((*phrase, AddressToken(TokenKind.SPECIAL, "<", gap_before=False))):
        is_part = token.text == "." or (token.kind is TokenKind.ATOM and (not name or name[-1] == "."))
        if name is not None and is_part:
            name.append(token.text)
            continue
        domain = mail_domain("".join(name or ()))
        if domain and "." in domain:
            yield _before(phrase, at), domain
        name, at = ([], position) if _is_at(token) else (None, at)


def _before(phrase: Sequence[AddressToken], at: int) -> Sequence[AddressToken]:
    """The local part before an at sign: words with dots between them."""
    start = at
    while start > 0 and not _is_at(phrase[start - 1]):
        if start < at and "." not in {phrase[start].text, phrase[start - 1].text}:
            break
        start -= 1
    return phrase[start:at]


def _check_local_part(words: Sequence[AddressToken]) -> None:
    """RFC 5322 section 3.4.1 and obs-local-part: words with dots between them.

    Dots elsewhere are let through: such mailboxes exist, and their domain is not in doubt.
    """
    was_word = False
    for token in words:
        is_word = token.kind is not TokenKind.SPECIAL
        if token.kind is TokenKind.LITERAL or (is_word and was_word):
            raise AuthorSyntaxError("not a local part")
        was_word = is_word
    if all(token.kind is TokenKind.SPECIAL for token in words):
        raise AuthorSyntaxError("no local part")
