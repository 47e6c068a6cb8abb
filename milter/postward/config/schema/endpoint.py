"""Where to listen, and whom to ask: socket addresses as an operator may write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.section import checked_text, fault
from postward.model.milter_socket import InetSocket, MilterSocket, UnixSocket, parse_milter_socket

MAX_SOCKET_PATH_BYTES = 107
"""sun_path of Linux holds 108 octets with the closing zero."""
_DNS_PORT = 53
_MAX_PORT = 65_535
_LISTEN_HINT = "write unix:/run/postward/milter.sock or inet:8890@127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPort:
    """An IP address and a port; ``str()`` gives ADDRESS:PORT, [ADDRESS]:PORT for IPv6."""

    address: IPv4Address | IPv6Address
    port: int

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)  # noqa: PLR2004 - IP version
        return f"{host}:{self.port}"


def parse_listen(value: object) -> MilterSocket:
    """A milter socket that an MTA can be told of: an absolute path, or a host and its port."""
    if isinstance(value, UnixSocket | InetSocket):
        return value
    try:
        socket = parse_milter_socket(checked_text(value))
    except ValueError as error:
        raise fault(str(error), _LISTEN_HINT) from error
    if isinstance(socket, UnixSocket):
        _check_path(socket.path)
    elif not socket.host:
        raise fault("needs a host", _LISTEN_HINT)
    else:
        _check_port(socket.port)
    return socket


def _check_path(path: str) -> None:
    if not path.startswith("/") or "\0" in path:
        raise fault("needs an absolute path", _LISTEN_HINT)
    if len(path.encode()) > MAX_SOCKET_PATH_BYTES:
        raise fault(f"is longer than the {MAX_SOCKET_PATH_BYTES} bytes that a Unix socket's path may have")


def _check_port(port: int) -> int:
    if not 0 < port <= _MAX_PORT:
        raise fault("has a port outside 1 to 65535")
    return port


def parse_host_port(value: object) -> HostPort:
    """ADDRESS:PORT."""
    if isinstance(value, HostPort):
        return value
    host, colon, digits = checked_text(value).rpartition(":")
    if not colon or not re.fullmatch(r"[0-9]{1,5}", digits):
        raise fault("must be an address and a port", "write 127.0.0.1:9618")
    return HostPort(address=_address(host), port=_check_port(int(digits)))


def parse_dns_server(value: object) -> HostPort:
    """ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; port 53 unless given."""
    if isinstance(value, HostPort):
        return value
    text = checked_text(value)
    try:
        return HostPort(address=ip_address(text), port=_DNS_PORT)
    except ValueError:
        if ":" not in text:
            raise fault("must be an IP address", "a name server cannot be given by name") from None
        return parse_host_port(text)


def _address(text: str) -> IPv4Address | IPv6Address:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return ip_address(bare)
    except ValueError:
        raise fault("must be an IP address and a port", "write 127.0.0.1:9618 or [::1]:9618") from None


Listen = Annotated[MilterSocket, PlainValidator(parse_listen)]
OptionalHostPort = Annotated[
    HostPort | None, PlainValidator(lambda value: None if value is None else parse_host_port(value))
]
DnsServer = Annotated[HostPort, PlainValidator(parse_dns_server)]
