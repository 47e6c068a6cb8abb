# SPDX-License-Identifier: GPL-3.0-or-later
"""From what libmilter hands over to the values of the model; nothing is lost and nothing raises."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress
from postward.model.header import HeaderField
from postward.model.ip_address import plain_address

if TYPE_CHECKING:
    from milter import Context
    from postward.model.ip_address import IpAddress

_SPACE = (b" ", b"\t", b"\n", b"\r")
_CLIENT_ADDRESS = "{client_addr}"
_IPV6_PREFIX = "ipv6:"


def text(raw: bytes) -> str:
    """Return bytes from outside as text; what is not UTF-8 stands as lone surrogates (PEP 383)."""
    return raw.decode("utf-8", "surrogateescape")


def macro(ctx: Context, name: str) -> str:
    """Return the value of an MTA macro, "" where the MTA did not send it."""
    try:
        return ctx.getsymval(name) or ""
    except UnicodeDecodeError as error:
        # pymilter decodes strictly, but its error still holds what the MTA sent.
        return text(error.object)


def client_told(ctx: Context) -> str:
    """Return the address of the client in the MTA's own words, "" where it does not say."""
    return macro(ctx, _CLIENT_ADDRESS)


def connection_told(ctx: Context) -> Connection:
    """Build the connection from macros alone."""
    told = client_told(ctx)
    address = told[len(_IPV6_PREFIX) :] if told.lower().startswith(_IPV6_PREFIX) else told
    # A link-local address may have a zone (RFC 4007 section 11), which means nothing to anybody but this host.
    return connection_of(ctx, "", socket.AF_INET, (address.partition("%")[0], 0))


def connection_of(ctx: Context, name: str, family: int, address: object) -> Connection:
    """Build the connection from the arguments of the connect callback and its macros."""
    host, port = _endpoint(family, address)
    return Connection(
        address=host,
        name=name,
        port=port,
        daemon_name=macro(ctx, "{daemon_name}"),
        daemon_addr=macro(ctx, "{daemon_addr}"),
        mta_name=macro(ctx, "j"),
        mta_version=macro(ctx, "v"),
    )


def _endpoint(family: int, address: object) -> tuple[IpAddress | None, int]:
    if family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple):
        return None, 0
    try:
        host = ip_address(str(address[0]))
    except ValueError:
        return None, 0
    return plain_address(host), int(address[1])


def authentication_of(ctx: Context) -> Authentication:
    """Read how the client authenticated itself; valid from MAIL FROM on."""
    return Authentication(
        user=macro(ctx, "{auth_authen}"),
        mechanism=macro(ctx, "{auth_type}"),
        tls_version=macro(ctx, "{tls_version}"),
    )


def path_of(raw: bytes) -> EnvelopeAddress:
    """Return an envelope path without its angle brackets and source route."""
    path = raw.strip()
    if path.startswith(b"<") and path.endswith(b">"):
        path = path[1:-1]
    # RFC 5321 appendix F.2: a source route is to be ignored.
    if path.startswith(b"@") and b":" in path:
        path = path[path.index(b":") + 1 :]
    return EnvelopeAddress(text(path))


def field_of(name: bytes, value: bytes, *, keeps_leading_space: bool) -> HeaderField:
    """Return a field as it stood in the message: folds arrive as LF, and are CRLF there.

    An MTA that has taken the leading space away put one there, most likely: all MTAs and libraries write one.
    """
    if b"\n" in value:
        value = value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if value and not keeps_leading_space and not value.startswith(_SPACE):
        value = b" " + value
    return HeaderField(name, value)
