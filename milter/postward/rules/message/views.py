# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a message that rules look at, each a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.ip_address import IpAddress  # noqa: TC001 - a field type of a dataclass

if TYPE_CHECKING:
    from typing import Literal

    DirectionWord = Literal["inbound", "outbound", "internal", "local", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who hands the message over."""

    address: IpAddress | None = None
    """Of the host that has connected; None where it did not come over IP."""
    origin: IpAddress | None = None
    """The address that is judged, behind a trusted relay the one that the relay has recorded; known at the end only."""
    name: str = ""
    """Host name that the MTA has found and confirmed; "" where there is none."""
    helo: str = ""
    tls_version: str = ""
    """"" for a connection in the clear."""
    user: str = ""
    """Login; "" where there was none."""
    mechanism: str = ""
    daemon_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientView:
    """One envelope recipient."""

    address: str
    """As it came, without angle brackets."""
    direction: DirectionWord = "inbound"
    """Which way the message goes as far as this recipient is concerned.

    inbound is from outside; outbound and internal are from our own users, to others and to hosted domains; local comes
    from this host and says nothing of where it is from; unknown is where the directory had to be asked and failed.
    """

    @property
    def local_part(self) -> str:
        """All before the last ``@``."""
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """All after the last ``@``, in lower case; empty without one."""
        _, at, tail = self.address.rpartition("@")
        return tail.lower() if at else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthView:
    """What authentication found, in the words of RFC 8601; "" for what was not checked."""

    spf: str = ""
    spf_domain: str = ""
    dkim: str = ""
    """pass where any signature passes; none where there is no signature."""
    dkim_domains: tuple[str, ...] = ()
    """Whose signatures pass."""
    dmarc: str = ""
    dmarc_policy: str = ""
    """none, quarantine or reject: what holds for the message; "" where no record was found."""
    arc: str = ""
    arc_sealer: str = ""
    """Of the newest set of a chain that passes; "" otherwise."""
    arc_override: str = ""
    """The trusted sealer whose results explain a DMARC failure; "" where there is none."""
    iprev: str = ""


NOT_AUTHENTICATED = AuthView()
