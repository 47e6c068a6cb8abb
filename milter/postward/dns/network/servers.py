"""Addresses of name servers as an operator writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from postward.errors import UsageError

DNS_PORT = 53
_MAX_PORT = 65535
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Server:
    """One name server."""

    address: IPv4Address | IPv6Address
    port: int = DNS_PORT

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == IPv6Address(0).version else f"{self.address}"
        return f"{host}:{self.port}"


def parse_server(text: str) -> Server:
    """Read ``192.0.2.1``, ``192.0.2.1:5353``, ``2001:db8::1`` or ``[2001:db8::1]:5353``; else raise ``UsageError``."""
    with_port = _WITH_PORT.fullmatch(text)
    address, port = (with_port[1] or with_port[2], int(with_port[3])) if with_port else (text, DNS_PORT)
    try:
        server = Server(ip_address(address), port)
    except ValueError:
        raise UsageError(f"DNS server: an IP address, perhaps with a port, is expected, not {text!a}") from None
    if not 0 < port <= _MAX_PORT:
        raise UsageError(f"DNS server: no such port: {text!a}")
    return server
