# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``origin``: which mail is our own, and which hosts' word is believed."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from postward.config.schema.network import Network  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, fault, key


def _checked_name(name: str) -> str:
    if not name or len(name) > 255 or not name.isprintable() or " " in name:  # noqa: PLR2004 - bound of a macro
        raise fault("is no name of a daemon")
    return name


class OriginSection(Section):
    """Which mail is our own (outbound, not judged by inbound checks), and whose Received fields are believed."""

    local_networks: tuple[Network, ...] = key(
        "Networks of our own hosts and users: mail from them is outbound.  Loopback is not implied.", default=()
    )
    authenticated_is_outbound: bool = key("Mail of clients that have logged in (SMTP AUTH) is outbound.", default=True)
    outbound_daemon_names: tuple[Annotated[str, AfterValidator(_checked_name)], ...] = key(
        "Mail that comes through a service with one of these names (Postfix: milter_macro_daemon_name) is outbound.",
        default=("ORIGINATING",),
    )
    trusted_relays: tuple[Network, ...] = key(
        "Secondary MX hosts and gateways that pass mail of others on to us: the client that they recorded in their"
        " Received field is judged in their place.  Counts more than local_networks.",
        default=(),
    )
