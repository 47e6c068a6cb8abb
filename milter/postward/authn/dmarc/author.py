# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the Author Domain of a message (RFC 9989 section 5.3.1; RFC 5322 sections 3.6.2 and 4.5.2; RFC 6854).

What is read here is what DMARC protects, so it has to be what a person sees as the author.  A field that mail readers
may take in different ways is UNPARSABLE rather than guessed at, and every domain that somebody could take for the
author's is then reported, so that the strictest of their policies can be applied (RFC 9989 section 11.5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from postward.authn.dmarc.author_tokens import AuthorSyntaxError, tokenize
from postward.authn.dmarc.mailboxes import MAX_MAILBOXES, MailboxReader, mail_domain
from postward.model.dmarc import FromProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_VALUE_BYTES = 32_768
"""A longer From field is not read to its end."""
MAX_DOMAINS = 10
"""Author domains that are evaluated at most (RFC 9989 section 11.5)."""
MAX_FIELDS = 10
"""From fields that are read at most."""

_SHORT_VALUE_BYTES = 500
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
    authors = [
        _read_short_field(value) if len(value) <= _SHORT_VALUE_BYTES else _read_field(value)
        for value in from_values[:MAX_FIELDS]
    ]
    if len(authors) == 1:
        return authors[0]
    domains = _distinct(domain for author in authors for domain in author.domains)
    return AuthorDomains(domains=domains, problem=FromProblem.MULTIPLE_FIELDS)


def _read_field(value: bytes) -> AuthorDomains:
    text = value[:MAX_VALUE_BYTES].decode("utf-8", "surrogateescape")
    reader = MailboxReader()
    is_whole = len(value) <= MAX_VALUE_BYTES
    try:
        reader.read(tokenize(text))
    except AuthorSyntaxError:
        is_whole = False
    if not is_whole:
        return AuthorDomains(domains=_candidates(text, reader.domains), problem=FromProblem.UNPARSABLE)
    domains = _distinct(reader.domains)
    return AuthorDomains(domains=domains, problem=FromProblem.MULTIPLE_DOMAINS if len(domains) > 1 else None)


# The same field is read for the prefetch and for the evaluation, and the same authors write again and again.
_read_short_field = lru_cache(maxsize=1024)(_read_field)


def _candidates(text: str, read: Sequence[str]) -> tuple[str, ...]:
    """Everything in a malformed field that some reader could take for the author's domain."""
    names = [
        name
        for reading in _readings(text)
        for name in islice((match.group(1) for match in _AFTER_AT.finditer(reading)), MAX_MAILBOXES)
    ]
    return _distinct(domain for domain in (*read, *map(mail_domain, names)) if domain)


def _readings(text: str) -> tuple[str, ...]:
    """The text, and what a reader makes of it who takes octets that are no UTF-8 for Latin-1."""
    octets = text.encode("utf-8", "surrogateescape")
    is_utf_8 = octets == text.encode("utf-8", "replace")
    return (text,) if is_utf_8 else (text, octets.decode("latin-1"))


def _distinct(domains: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(domains))[:MAX_DOMAINS]
