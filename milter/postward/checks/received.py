# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the client's address out of a Received field that a trusted relay wrote (RFC 5321 section 4.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress

_MAX_BYTES = 2048
_OPEN, _CLOSE = b"()"
_FROM = re.compile(rb"\s*from\s+(\S+)\s*", re.IGNORECASE)
_LITERAL = re.compile(rb"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]", re.IGNORECASE)
_EXIM_HELO = re.compile(rb"\bhelo=(\S+?)[)\s]", re.IGNORECASE)
_BARE = re.compile(rb"\(([0-9A-Fa-f:.]{2,45})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedClient:
    """Who delivered the message to the relay, by the relay's own word."""

    address: IpAddress
    helo: str


def recorded_client(value: bytes) -> RecordedClient | None:
    """Read the client of one Received field's value; None where it does not say or cannot be read.

    The address is taken from the comment that the relay wrote, never from the HELO name, which is the
    client's own word: ``from HELO (name [192.0.2.1])`` (Postfix, Sendmail), ``from name ([192.0.2.1]
    helo=HELO)`` and ``from [192.0.2.1] (helo=HELO)`` (Exim), ``from HELO (192.0.2.1)`` (Exchange).
    """
    head = b" ".join(value[:_MAX_BYTES].split())
    start = _FROM.match(head)
    if start is None:
        return None
    word, rest = start.group(1), head[start.end() :]
    comment = _first_comment(rest)
    exim = _EXIM_HELO.search(comment)
    told = _EXIM_HELO.sub(b"", comment)
    literal = _LITERAL.search(told) or _BARE.search(told)
    if literal is None and exim is not None:
        literal = _LITERAL.fullmatch(word)
    address = _address(literal.group(1)) if literal else None
    if address is None:
        return None
    helo = exim.group(1) if exim else word
    return RecordedClient(address=address, helo=helo.decode("utf-8", "surrogateescape"))


def _first_comment(rest: bytes) -> bytes:
    """The parenthesised text right after the from-word, parentheses included; nested ones are kept."""
    if not rest.startswith(b"("):
        return b""
    depth = 0
    for index, octet in enumerate(rest):
        depth += (octet == _OPEN) - (octet == _CLOSE)
        if depth == 0:
            return rest[: index + 1]
    return b""


def _address(text: bytes) -> IpAddress | None:
    try:
        return ip_address(text.decode("ascii"))
    except ValueError:
        return None
