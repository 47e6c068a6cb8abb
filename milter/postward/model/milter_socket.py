# SPDX-License-Identifier: GPL-3.0-or-later
"""The socket at which an MTA finds a milter: the spellings of Postfix and of Sendmail for one and the same address."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MILTER_INET = re.compile(r"(?P<port>[0-9]{1,5})(?:@(?P<host>\[[^\]\s]{1,255}\]|[^@\s\[\]]{1,255}))?", re.ASCII)
_POSTFIX_INET = re.compile(r"(?P<host>\[[^\]\s]{1,255}\]|[^:\s\[\]]{1,255}):(?P<port>[0-9]{1,5})", re.ASCII)
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class UnixSocket:
    """A Unix-domain socket."""

    path: str

    def __str__(self) -> str:
        return f"unix:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InetSocket:
    """A TCP socket on an address of this host; ``str()`` gives libmilter's form, inet:PORT@HOST."""

    host: str
    """An IP address without brackets, or a host name; "" for every address of this host."""
    port: int
    is_name_of_ipv6: bool = False
    """Look the host name up as IPv6; an IP address says itself which it is."""

    @property
    def is_ipv6(self) -> bool:
        """It is of IPv6, which libmilter takes with the scheme inet6 only."""
        return self.is_name_of_ipv6 or ":" in self.host

    def __str__(self) -> str:
        scheme = "inet6" if self.is_ipv6 else "inet"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}:{self.port}@{host}" if host else f"{scheme}:{self.port}"


MilterSocket = UnixSocket | InetSocket


def parse_milter_socket(text: str) -> MilterSocket:
    """Read unix:PATH, local:PATH, inet:PORT[@HOST], inet:HOST:PORT or either with inet6.

    Neither form of TCP can be taken for the other.  Raises ValueError, in words that can follow the text.
    """
    scheme, _, rest = text.partition(":")
    if scheme in {"unix", "local"} and rest:
        return UnixSocket(path=rest)
    match = _MILTER_INET.fullmatch(rest) or _POSTFIX_INET.fullmatch(rest)
    if scheme not in {"inet", "inet6"} or match is None:
        raise ValueError("is no socket")
    host, port = (match["host"] or "").strip("[]"), int(match["port"])
    if port > _MAX_PORT:
        raise ValueError(f"has a port beyond {_MAX_PORT}")
    return InetSocket(host=host, port=port, is_name_of_ipv6=scheme == "inet6" and ":" not in host)
