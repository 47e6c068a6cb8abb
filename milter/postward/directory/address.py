# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, domains and logins in the form in which they are looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from postward.dns.names import to_ascii
from postward.model.sender_pattern import is_local_part

TAG_MARK = "+"
_MAX_LOGIN_LENGTH = 320
_QUOTED_LENGTH = 2
_KELVIN_SIGN = "\u212a"
_HOST_NAME = re.compile(r"[a-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address: the local part in lower case, the domain as A-labels in lower case."""

    local_part: str
    domain: str

    @property
    def untagged(self) -> Mailbox:
        """The same without what follows a ``+``; itself where there is none."""
        base = self.local_part.partition(TAG_MARK)[0]
        return Mailbox(base, self.domain) if base and base != self.local_part else self

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"


def domain_key(name: str) -> str | None:
    """A domain as it is looked up: A-labels in lower case; None for one that nobody hosts mail for.

    DNS allows more, which no data base need ever see (RFC 5321 section 2.3.5; many have the underscore nevertheless).
    """
    ascii_name = to_ascii(name)
    return ascii_name if ascii_name is not None and _HOST_NAME.fullmatch(ascii_name) else None


def mailbox(address: str) -> Mailbox | None:
    """Read an address as it stands in an envelope; None for one that no mailbox can have, or without domain."""
    local_part, at, domain = address.rpartition("@")
    if len(local_part) > _QUOTED_LENGTH and local_part[0] == local_part[-1] == '"':
        # RFC 5321 section 4.1.2: "alice" and alice are the same, where nothing in it needs the quotes.
        local_part = local_part[1:-1]
    name = domain_key(domain) if at else None
    return Mailbox(_in_lower_case(local_part), name) if name is not None and is_local_part(local_part) else None


def login_key(login: str) -> str | None:
    """A login as it is looked up; None for one that nobody can have."""
    if len(login) > _MAX_LOGIN_LENGTH or not login.isprintable() or not login.strip():
        return None
    if "@" not in login:
        return _in_lower_case(login)
    name, _, domain = login.rpartition("@")
    ascii_domain = domain_key(domain)
    return f"{_in_lower_case(name)}@{ascii_domain}" if name and ascii_domain is not None else None


def _in_lower_case(text: str) -> str:
    # The lower case of this one is the letter k: another's name, for whoever may choose his own.
    return _KELVIN_SIGN.join(part.lower() for part in text.split(_KELVIN_SIGN))
