"""Where to listen: the spellings of Postfix and of Sendmail for one and the same address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from postward.errors import UsageError

_MILTER_INET = re.compile(r"(?P<port>[0-9]{1,5})(?:@(?P<host>[^@\s]+))?", re.ASCII)
_POSTFIX_INET = re.compile(r"(?P<host>\[[^\]\s]+\]|[^:\s\[\]]+):(?P<port>[0-9]{1,5})", re.ASCII)
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class UnixAddress:
    """A Unix socket."""

    path: Path

    def __str__(self) -> str:
        return f"unix:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InetAddress:
    """A TCP port; an empty host is every address of this machine."""

    host: str
    port: int
    is_ipv6: bool

    @property
    def milter_form(self) -> str:
        """As libmilter wants it."""
        literal = f"[{self.host}]" if ":" in self.host else self.host
        at_host = f"@{literal}" if literal else ""
        return f"{'inet6' if self.is_ipv6 else 'inet'}:{self.port}{at_host}"

    def __str__(self) -> str:
        return self.milter_form


ListenAddress = UnixAddress | InetAddress


def parse_listen_address(text: str) -> ListenAddress:
    """Read unix:PATH, local:PATH, a bare PATH, inet:PORT[@HOST], inet:HOST:PORT or either with inet6.

    Raises UsageError where it is none of these.
    """
    kind, colon, rest = text.partition(":")
    if text.startswith("/"):
        return UnixAddress(path=Path(text).absolute())
    if colon and kind in {"unix", "local"} and rest:
        return UnixAddress(path=Path(rest).absolute())
    if colon and kind in {"inet", "inet6"}:
        return _parse_inet(rest, is_ipv6=kind == "inet6")
    raise UsageError(f"{text!r} is no address to listen on: use unix:/path, inet:port@host or inet:host:port")


def _parse_inet(text: str, *, is_ipv6: bool) -> InetAddress:
    match = _MILTER_INET.fullmatch(text) or _POSTFIX_INET.fullmatch(text)
    if match is None or int(match["port"]) > _MAX_PORT:
        raise UsageError(f"{text!r} is no TCP address: use port@host or host:port")
    host = (match["host"] or "").strip("[]")
    # libmilter takes an IPv6 literal with inet6 only.
    return InetAddress(host=host, port=int(match["port"]), is_ipv6=is_ipv6 or ":" in host)
