# SPDX-License-Identifier: GPL-3.0-or-later
"""Where to listen, and whom to ask: socket addresses as an operator may write them."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.section import checked_text, fault
from postward.model.ip_endpoint import IpEndpoint, parse_ip_endpoint
from postward.model.milter_socket import InetSocket, MilterSocket, UnixSocket, parse_milter_socket

MAX_SOCKET_PATH_BYTES = 107
"""sun_path of Linux holds 108 octets with the closing zero."""
_DNS_PORT = 53
_LISTEN_HINT = "write unix:/run/postward/milter.sock or inet:8890@127.0.0.1"


def parse_listen(value: object) -> MilterSocket:
    """A milter socket that an MTA can be told of: an absolute path, or a host and its port."""
    return parse_socket(value, _LISTEN_HINT)


def parse_socket(value: object, hint: str) -> MilterSocket:
    """A socket in the form that milters have, of whatever program; the hint says how one of it is written."""
    if isinstance(value, UnixSocket | InetSocket):
        return value
    text = checked_text(value)
    try:
        socket = parse_milter_socket(text)
    except ValueError as error:
        raise fault(str(error), hint) from error
    if isinstance(socket, UnixSocket):
        _check_path(socket.path, hint)
    elif not socket.host:
        raise fault("needs a host", hint)
    elif not socket.port:
        raise fault("needs a port", hint)
    return socket


def _check_path(path: str, hint: str) -> None:
    if not path.startswith("/") or "\0" in path:
        raise fault("needs an absolute path", hint)
    if len(path.encode()) > MAX_SOCKET_PATH_BYTES:
        raise fault(f"is longer than the {MAX_SOCKET_PATH_BYTES} bytes that a Unix socket's path may have")


def parse_host_port(value: object) -> IpEndpoint:
    """ADDRESS:PORT."""
    return _endpoint(value, default_port=None, hint="write 127.0.0.1:9618 or [::1]:9618")


def parse_dns_server(value: object) -> IpEndpoint:
    """ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; port 53 unless given."""
    return _endpoint(value, default_port=_DNS_PORT, hint="a name server cannot be given by name")


def _endpoint(value: object, *, default_port: int | None, hint: str) -> IpEndpoint:
    if isinstance(value, IpEndpoint):
        return value
    text = checked_text(value)
    try:
        return parse_ip_endpoint(text, default_port=default_port)
    except ValueError as error:
        raise fault(str(error), hint) from error


Listen = Annotated[MilterSocket, PlainValidator(parse_listen)]
OptionalHostPort = Annotated[
    IpEndpoint | None, PlainValidator(lambda value: None if value is None else parse_host_port(value))
]
DnsServer = Annotated[IpEndpoint, PlainValidator(parse_dns_server)]
