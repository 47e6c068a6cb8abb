# SPDX-License-Identifier: GPL-3.0-or-later
"""One URL, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress


class LinkSource(StrEnum):
    """Where it stands."""

    TEXT = "text"
    """In text, plain or of HTML."""
    ANCHOR = "anchor"
    """What a reader clicks: a, area."""
    FORM = "form"
    RESOURCE = "resource"
    """What a reader's program may fetch: img, iframe, link, meta refresh ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Bounded; ``host`` is what a browser would ask for."""

    url: str
    scheme: str
    """Lower case: http, https, mailto, ftp, data, javascript ..."""
    host: str
    """Lower case A-labels without a closing dot; of a mailto the domain; "" for none and for an address literal."""
    address: IpAddress | None = None
    """Where the host is an IP address in any form that browsers read (decimal, octal, hex, IPv6)."""
    port: int | None = None
    """As it is written."""
    has_user: bool = False
    """Something stands before an at sign in front of the host."""
    source: LinkSource = LinkSource.TEXT
    shown: str = ""
    """Of an anchor: what the reader sees of it."""
    is_hidden: bool = False
