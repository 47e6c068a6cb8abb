# SPDX-License-Identifier: GPL-3.0-or-later
"""An IP address with a port, as operators write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

_MAX_PORT = 65_535
_WITH_PORT = re.compile(r"(?:\[(?P<bracketed>[0-9A-Fa-f:.]{1,64})\]|(?P<bare>[0-9.]{1,64})):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class IpEndpoint:
    """An IP address and a port; ``str()`` gives ADDRESS:PORT, [ADDRESS]:PORT for IPv6."""

    address: IPv4Address | IPv6Address
    port: int

    def __str__(self) -> str:
        host = f"[{self.address}]" if isinstance(self.address, IPv6Address) else str(self.address)
        return f"{host}:{self.port}"


def parse_ip_endpoint(text: str, *, default_port: int | None = None) -> IpEndpoint:
    """Read ADDRESS:PORT or [ADDRESS]:PORT, and an ADDRESS alone where there is a ``default_port``.

    Raises ValueError, in words that can follow the text.
    """
    match = _WITH_PORT.fullmatch(text)
    if match is None and default_port is None:
        raise ValueError("must be an IP address and a port")
    address, port = (match["bracketed"] or match["bare"], int(match["port"])) if match else (text, default_port or 0)
    if not 0 < port <= _MAX_PORT:
        raise ValueError("has a port outside 1 to 65535")
    try:
        return IpEndpoint(address=ip_address(address), port=port)
    except ValueError:
        raise ValueError("must be an IP address, with a port if need be") from None
