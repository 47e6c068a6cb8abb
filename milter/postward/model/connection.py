# SPDX-License-Identifier: GPL-3.0-or-later
"""The client at the other end of the SMTP connection, and what the MTA says about it."""

from __future__ import annotations

from dataclasses import dataclass

from postward.model.ip_address import IpAddress  # noqa: TC001 - a field type of a dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One SMTP connection as the MTA described it."""

    address: IpAddress | None
    """None where the message did not come over IP (sendmail command, Unix socket)."""
    name: str = ""
    """Host name that the MTA found for the client; its brackets or "unknown" kept."""
    port: int = 0
    daemon_name: str = ""
    """Macro {daemon_name}: ORIGINATING on a submission service."""
    daemon_addr: str = ""
    mta_name: str = ""
    """Macro j: the MTA's own host name."""
    mta_version: str = ""
    """Macro v: ``Postfix 3.10.3``; of Sendmail the number alone, ``8.18.1``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """How the client authenticated itself to the MTA; empty strings where it did not."""

    user: str = ""
    """Macro {auth_authen}."""
    mechanism: str = ""
    """Macro {auth_type}."""
    tls_version: str = ""


NOT_AUTHENTICATED = Authentication()
