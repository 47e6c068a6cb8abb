# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains and addresses: whole ones, and all below a domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.dns.names import to_ascii
from postward.rules.conditions.base import NO_CAPTURES
from postward.rules.conditions.value_test import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NULL_SENDER = "null_sender"
_NULL_KEY = "<>"


def folded_domain(domain: str) -> str:
    """Give a domain as it is compared: A-labels in lower case; what is no domain name in lower case alone."""
    return to_ascii(domain) or domain.lower().rstrip(".")


def folded_address(address: str) -> str:
    """Give an address as it is compared: all in lower case, its domain as A-labels."""
    local_part, at, domain = address.rpartition("@")
    return f"{local_part.lower()}@{folded_domain(domain)}" if at else address.lower()


def domain_keys(domain: str) -> Iterator[str]:
    """Give the forms in which an operator may have named a folded domain: itself, and what it is below."""
    yield f"@{domain}"
    place = domain.find(".")
    while place != -1:
        yield domain[place:]
        place = domain.find(".", place + 1)


def address_keys(address: str) -> Iterator[str]:
    """Give the forms in which an operator may have named a folded address."""
    if not address:
        yield _NULL_KEY
        return
    yield address
    domain = address.rpartition("@")[2]
    yield from domain_keys(domain)


@dataclass(frozen=True, slots=True)
class DomainIn:
    """The value's domain is one of several, or below one.

    ``entries`` has ``@example.com`` for a domain, ``.example.com`` for all below it, whole addresses, and ``<>``.
    """

    operator: str
    entries: frozenset[str]
    is_address: bool
    """The values are addresses, and not domains."""
    has_parents: bool
    """Some entry is all below a domain."""
    is_folded: bool = True
    captures: frozenset[str] = frozenset()

    @property
    def asked(self) -> str:
        """In words."""
        return f"{self.operator} {listed(frozenset(entry.removeprefix('@') for entry in self.entries))}"

    def test(self, value: str) -> Mapping[str, str] | None:
        """Look the value up in every form that it may have been named in."""
        entries = self.entries
        if not self.is_address:
            found = f"@{value}" in entries
        else:
            found = (value or _NULL_KEY) in entries or f"@{value.rpartition('@')[2]}" in entries
        if not found and self.has_parents:
            found = any(key in entries for key in domain_keys(value.rpartition("@")[2]))
        return NO_CAPTURES if found else None

    def keys(self) -> tuple[str, frozenset[str]] | None:
        """Give the entries: the index reads the same forms."""
        return "entry", self.entries


def domain_in(operator: str, entries: Iterable[str], *, is_address: bool) -> DomainIn:
    """Make the test of entries in the forms that ``address_entry`` and ``domain_entry`` give."""
    known = frozenset(entries)
    return DomainIn(operator, known, is_address, any(entry.startswith(".") for entry in known))


def domain_entry(text: str) -> str | None:
    """Read ``example.com``, ``*.example.com`` or ``.example.com``; None for what is none of them."""
    stem = text.removeprefix("*")
    below = stem.startswith(".")
    if text.startswith("*") and not below:
        return None
    name = to_ascii(stem.removeprefix("."))
    if name is None or any(char in name for char in "@*/ \t"):
        return None
    return f".{name}" if below else f"@{name}"


def address_entry(text: str) -> str | None:
    """Read an address, ``@example.com``, a domain in one of its forms, or the null sender; None for all else."""
    if text in (NULL_SENDER, _NULL_KEY):
        return _NULL_KEY
    local_part, at, domain = text.rpartition("@")
    if at and local_part:
        name = to_ascii(domain)
        return None if name is None or "*" in text or " " in name else f"{local_part.lower()}@{name}"
    return domain_entry(domain)
