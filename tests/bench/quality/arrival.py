# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message of the corpus came to the host that received it from outside, and what it looked like there.

The corpus holds messages as they lay in a mailbox: fetched, forwarded between the collectors' hosts, and with what
those hosts and mail programs added.  Postward stands at the border, so the way is followed back to the first client
that is none of the collectors', and what was added since is taken off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from tests.bench.quality.received import Hop, read_date, read_received

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

_OWN_NETWORKS = tuple(
    map(
        IPv4Network,
        (
            "212.17.35.15/32",  # dogma.slashnull.org
            "213.105.180.140/32",  # mandark.labs.netnoteinc.com
            "193.120.211.219/32",  # mail.webnote.net
            "208.200.182.45/32",  # user2.pro-ns.net, which passes mail on to hq.pro-ns.net
            # Providers whose mail servers pass mail on to each other.
            "24.0.95.0/24",  # home.com
            "24.165.200.0/24",  # rr.com
            "134.147.0.0/16",  # ruhr-uni-bochum.de
            "140.112.8.0/24",  # ntu.edu.tw
            "64.209.23.67/32",  # resqnet.com
            "204.17.195.90/32",  # vineyard.net
            "216.27.147.130/32",  # timhunt.net
            "216.162.64.0/24",  # axess.com
            "217.72.192.0/24",  # web.de
        ),
    )
)
_OWN_NAMES = ("easydns.com", "slashnull.org", "netnoteinc.com", "webnote.net")
"""Domains of the collectors' hosts and forwarders, as their own servers look them up."""
_ADDED_BY_MAIL_PROGRAMS = frozenset(
    {"delivery-date", "status", "x-evolution-source", "x-keywords", "x-status", "x-uid", "x-uidl"}
)
_OF_LISTS = frozenset({"list-id", "list-post", "mailing-list", "x-beenthere", "x-list", "x-mailing-list"})
_FIELD_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
_MADE_MESSAGE_ID = re.compile(r"<\d{12,14}\.([^@>]+)@([^@>]+)>")
"""Time and queue id, as sendmail and Postfix make one."""
_ADDRESS = re.compile(r"[^\s<>(),\"]+@[^\s<>(),\"]+")
_FROM_LINE = re.compile(rb"From (\S*) +(.*)\n")


class Standing(StrEnum):
    """Whether a message can be judged as mail from outside."""

    OUTSIDE = "outside"
    LOCAL = "local"
    """Made on the receiving host itself; Postward leaves such mail alone."""
    STRIPPED = "stripped"
    """Somebody has taken the Received fields away, and others with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What Postward would have been told, and shown."""

    standing: Standing
    client: str
    """Address; "" where the message did not come from outside."""
    client_name: str
    helo: str
    sender: str
    """Envelope sender; "" for a bounce."""
    recipient: str
    time_s: float
    is_of_list: bool
    """It came through a mailing list: client and envelope are the list's."""
    content: bytes
    """The message without what was added on the way in."""


@dataclass(frozen=True, slots=True)
class _Field:
    key: str
    raw: bytes

    @property
    def value(self) -> str:
        return " ".join(self.raw.partition(b":")[2].decode("latin-1").split())


def read_arrival(content: bytes) -> Arrival:
    """Follow a message of the corpus back to the border."""
    separator = _FROM_LINE.match(content)
    fields, rest = _split(content[separator.end() :] if separator else content)
    passed = _passed(fields)
    hop = passed[-1][1] if passed else None
    is_from_outside = hop is not None and hop.address is not None and not _is_own(hop)
    border = passed[-1][0] + 1 if is_from_outside else 0
    # What the receiving host has made itself has that host's Message-ID by right.
    queue_ids = {(one.queue_id, one.by) for _, one in passed} if is_from_outside else frozenset()
    kept = [field for field in fields[border:] if not _is_added(field, queue_ids)]
    return Arrival(
        standing=Standing.OUTSIDE if is_from_outside else Standing.LOCAL if passed else Standing.STRIPPED,
        client=str(hop.address) if hop is not None and is_from_outside else "",
        client_name=hop.name if hop is not None else "",
        helo=hop.helo if hop is not None else "",
        sender=_sender(fields, separator),
        recipient=_recipient(fields, hop),
        time_s=_time_s(fields, separator, hop),
        is_of_list=any(field.key in _OF_LISTS for field in fields),
        content=b"".join(field.raw for field in kept) + rest,
    )


def _split(content: bytes) -> tuple[list[_Field], bytes]:
    """Header fields with their folds, and all that follows them."""
    fields: list[_Field] = []
    position = 0
    while found := _FIELD_NAME.match(content, position):
        end = content.find(b"\n", position) + 1 or len(content)
        while content[end : end + 1] in {b" ", b"\t"}:
            end = content.find(b"\n", end) + 1 or len(content)
        fields.append(_Field(found.group(1).decode("ascii").lower(), content[position:end]))
        position = end
    return fields, content[position:]


def _passed(fields: Sequence[_Field]) -> list[tuple[int, Hop]]:
    """The steps that can be believed: each was written by a host that the one after it knows for its own."""
    passed = []
    for index, field in enumerate(fields):
        if field.key == "received":
            hop = read_received(field.value)
            passed.append((index, hop))
            if not _is_own(hop):
                break
    return passed


def _is_own(hop: Hop) -> bool:
    if hop.address is None or hop.is_fetched or hop.address.is_private:
        return True
    if any(hop.address in network for network in _OWN_NETWORKS):
        return True
    return any(hop.name == name or hop.name.endswith(f".{name}") for name in _OWN_NAMES)


def _is_added(field: _Field, queue_ids: AbstractSet[tuple[str, str]]) -> bool:
    """Whether a host or a mail program of the receiver has added it: a sendmail gives what has none a Message-ID."""
    if field.key == "message-id":
        made = _MADE_MESSAGE_ID.fullmatch(field.value)
        return made is not None and (made.group(1), made.group(2).lower()) in queue_ids
    return field.key in _ADDED_BY_MAIL_PROGRAMS


def _sender(fields: Sequence[_Field], separator: re.Match[bytes] | None) -> str:
    for field in fields:
        if field.key == "return-path":
            return field.value.strip("<>")
    if separator:
        return separator.group(1).decode("latin-1")
    # Nothing says that it is a bounce.
    return _first_address(_first(fields, "from"))


def _recipient(fields: Sequence[_Field], hop: Hop | None) -> str:
    """Give what the border's host has noted, else the mailbox, else the first one that it is addressed to."""
    noted = hop.recipient if hop is not None else ""
    return noted or _first(fields, "delivered-to") or _first_address(_first(fields, "to"))


def _first_address(text: str) -> str:
    found = _ADDRESS.search(text)
    return found.group() if found else ""


def _first(fields: Sequence[_Field], key: str) -> str:
    return next((field.value for field in fields if field.key == key), "")


def _time_s(fields: Sequence[_Field], separator: re.Match[bytes] | None, hop: Hop | None) -> float:
    """When it came: as the border's host has noted it, else when it was put into the mailbox, else its own date."""
    if hop is not None and hop.time_s is not None:
        return hop.time_s
    mailbox = separator.group(2).decode("latin-1") if separator else _first(fields, "delivery-date")
    for text in (mailbox, _first(fields, "date")):
        time_s = read_date(text)
        if time_s is not None:
            return time_s
    return 0.0
