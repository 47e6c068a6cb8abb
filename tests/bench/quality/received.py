# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a Received field as the hosts of the corpus wrote it, sendmail, Postfix, qmail and Exim among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from ipaddress import IPv4Address, ip_address

_ADDRESS = re.compile(r"(?<![\w.])\[?(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\w.])")
_HELO = re.compile(r"\bhelo[ =]([^\s()\]]+)", re.IGNORECASE)
_NAME = re.compile(r"\((?:[^\s()@]*@)?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)\.? ?\[")
_FOR = re.compile(r"\bfor <?([^\s<>;]+@[^\s<>;]+?)>?(?:;|\s|$)")
_ID = re.compile(r"\bid <?([^\s<>;]+)")
_FETCHED = re.compile(r"\bwith (?:IMAP|POP3?)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of a message's way, as the host that received it tells it."""

    by: str
    """That host; "" where it does not say."""
    address: IPv4Address | None
    """Of the client; None where there was none, as for what a program on that host handed in."""
    name: str
    """Of the client, where the host has looked it up and it led back; "" otherwise."""
    helo: str
    recipient: str
    queue_id: str
    is_fetched: bool
    """By POP or IMAP, that is out of a mailbox."""
    time_s: float | None
    """Unix time."""


def read_received(value: str) -> Hop:
    """Read the unfolded value; what cannot be read is empty."""
    origin, _, rest = value.partition(" by ") if value.startswith("from ") else ("", "", value)
    origin = origin.removeprefix("from ")
    words = rest.removeprefix("by ").split()
    return Hop(
        by=words[0].strip("();,").lower() if words else "",
        address=_address(origin),
        name=_name(origin),
        helo=_helo(origin),
        recipient=_first(_FOR, rest),
        queue_id=_first(_ID, rest),
        is_fetched=_FETCHED.search(rest) is not None,
        time_s=read_date(value.rpartition(";")[2]),
    )


def read_date(text: str) -> float | None:
    """Unix time of a date in a header; None for none."""
    parsed = parsedate_tz(text)
    try:
        return None if parsed is None else float(mktime_tz(parsed))
    except (OverflowError, ValueError):
        return None


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1) if found else ""


def _address(origin: str) -> IPv4Address | None:
    """Give the last one, for the first may be what the client says of itself."""
    for text in reversed(_ADDRESS.findall(origin)):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        assert isinstance(address, IPv4Address)
        return address
    return None


def _name(origin: str) -> str:
    if "may be forged" in origin:
        return ""
    named = _first(_NAME, origin)
    # Exim and qmail put what they looked up first, and what the client says in parentheses.
    is_looked_up_first = not named and _HELO.search(origin) is not None
    name = origin.split(None, 1)[0] if is_looked_up_first else named
    return "" if name == "unknown" or name.startswith("[") else name.lower()


def _helo(origin: str) -> str:
    said = _first(_HELO, origin)
    return said or (origin.split(None, 1)[0] if origin else "")
