"""Find the Author Domain of a message (RFC 9989 section 5.3.1; RFC 5322 sections 3.6.2 and 4.5.2; RFC 6854).

What is read here is what DMARC protects, so it has to be what a person sees as the author.  A field that mail readers
may take in different ways is UNPARSABLE rather than guessed at, and every domain that somebody could take for the
author's is then reported, so that the strictest of their policies can be applied (RFC 9989 section 11.5).

Read beyond the grammar, for such mail is common and means one thing only: a display name with unquoted specials
(``Doe, John <j@example.com>``, ``Sales [EU] <s@example.com>``), an address as display name, dots at odd places of a
local part, a group that is not closed.  Display names are never decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from postward.authn.dmarc.author_tokens import AddressToken, AuthorSyntaxError, TokenKind, tokenize
from postward.dns.names import to_ascii
from postward.model.dmarc import FromProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_VALUE_BYTES = 32_768
"""A longer From field is not read to its end."""
MAX_DOMAINS = 10
"""Author domains that are evaluated at most (RFC 9989 section 11.5)."""
MAX_FIELDS = 10
"""From fields that are read at most."""
MAX_MAILBOXES = 100
"""Mailboxes of one field that are read at most."""

_HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_AFTER_AT = re.compile(r"@[ \t\r\n]*+([^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]++)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorDomains:
    """The distinct author domains, A-labels in lower case, in the order in which they stand."""

    domains: tuple[str, ...]
    """Without a problem exactly one; with one, whatever could be taken for the author's."""
    problem: FromProblem | None = None


def author_domains(from_values: Sequence[bytes]) -> AuthorDomains:
    """Read the values of all From fields of a message; never raises."""
    if not from_values:
        return AuthorDomains(domains=(), problem=FromProblem.MISSING)
    authors = [_read_field(value) for value in from_values[:MAX_FIELDS]]
    if len(authors) == 1:
        return authors[0]
    domains = _distinct(domain for author in authors for domain in author.domains)
    return AuthorDomains(domains=domains, problem=FromProblem.MULTIPLE_FIELDS)


def _read_field(value: bytes) -> AuthorDomains:
    text = value[:MAX_VALUE_BYTES].decode("utf-8", "surrogateescape")
    reader = _MailboxReader()
    is_whole = len(value) <= MAX_VALUE_BYTES
    try:
        reader.read(tokenize(text))
    except AuthorSyntaxError:
        is_whole = False
    if not is_whole:
        return AuthorDomains(domains=_candidates(text, reader.domains), problem=FromProblem.UNPARSABLE)
    domains = _distinct(reader.domains)
    return AuthorDomains(domains=domains, problem=FromProblem.MULTIPLE_DOMAINS if len(domains) > 1 else None)


def _candidates(text: str, read: Sequence[str]) -> tuple[str, ...]:
    """Everything in a malformed field that some reader could take for the author's domain."""
    names = islice((match.group(1) for match in _AFTER_AT.finditer(text)), MAX_MAILBOXES)
    return _distinct(domain for domain in (*read, *map(_domain_name, names)) if domain)


def _distinct(domains: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(domains))[:MAX_DOMAINS]


def _domain_name(text: str) -> str | None:
    """Give the A-label form of a domain that can be a mail domain; None for all else."""
    name = to_ascii(text)
    return name if name and _HOST_NAME.fullmatch(name) else None


class _MailboxReader:
    """Reads a mailbox-list or address-list (RFC 6854), collecting the domain of every mailbox."""

    def __init__(self) -> None:
        self.domains: list[str] = []
        self._tokens: list[AddressToken] = []
        self._position = 0

    def read(self, tokens: list[AddressToken]) -> None:
        """Read all of a field; raises AuthorSyntaxError where it is malformed, ambiguous or without a domain."""
        self._tokens = tokens
        self._read_list(in_group=False)
        if self._position < len(tokens):
            raise AuthorSyntaxError("text after an address")
        if not self.domains:
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
        words = self._take_words()
        following = self._peek()
        if following == "@":
            _check_local_part(words)
            self._read_domain()
        if self._peek() == "<":
            # After an address that stands in for a display name this is a second one, and both count.
            self._read_angle_address()
        elif following == ":" and words and not in_group:
            self._read_group()
        elif not words:
            raise AuthorSyntaxError("no address")

    def _read_group(self) -> None:
        self._expect(":")
        self._read_list(in_group=True)
        if self._peek() == ";":
            self._position += 1

    def _take_words(self) -> list[AddressToken]:
        start = self._position
        while self._peek() in {"a", "."}:
            self._position += 1
        return self._tokens[start : self._position]

    def _read_angle_address(self) -> None:
        self._expect("<")
        if self._peek() == "@":
            self._skip_route()
        _check_local_part(self._take_words())
        self._read_domain()
        self._expect(">")

    def _skip_route(self) -> None:
        """RFC 5322 section 4.4: obs-route names relays, not the author."""
        while self._peek() in {"@", ",", "a", "."}:
            self._position += 1
        self._expect(":")

    def _read_domain(self) -> None:
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
        self._add_domain(name)
        if is_doubtful:
            raise AuthorSyntaxError("white space or comment within a domain")

    def _add_domain(self, name: str) -> None:
        domain = _domain_name(name)
        if domain is None or len(self.domains) >= MAX_MAILBOXES:
            raise AuthorSyntaxError("not a domain name, or too many of them")
        self.domains.append(domain)


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
