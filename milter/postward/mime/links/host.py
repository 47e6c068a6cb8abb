# SPDX-License-Identifier: GPL-3.0-or-later
"""The host that a URL leads to, as browsers read it (URL Standard 3.5 and 4.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import unquote

import idna

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress

_MAX_WRITTEN = 1_000
"""Characters of a host, with all its escapes."""
_MAX_NAME = 253
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}+\.)*+[a-z0-9_-]{1,63}+", re.ASCII)
_NUMBER = re.compile(r"0x[0-9a-f]{0,64}+|[0-9]{1,64}+", re.ASCII)
_MAX_NUMBERS = 4
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A name or an address; neither where no browser would ask for it."""

    name: str = ""
    """Lower case A-labels without a closing dot."""
    address: IpAddress | None = None


NO_HOST = Host()


def read_host(written: str) -> Host:
    """Of what stands between the slashes, or behind the at sign of an address."""
    return _read(written) if len(written) <= _MAX_WRITTEN else NO_HOST


@lru_cache(maxsize=2_048)
def _read(written: str) -> Host:
    if written.startswith("["):
        return _literal(written)
    name = written.lower()
    if not _NAME.fullmatch(name):
        name = _unescaped(name)
    if len(name) > _MAX_NAME or not _NAME.fullmatch(name):
        return NO_HOST
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return Host(address=_ipv4(name.split(".")))
    return Host(name=name)


def _unescaped(name: str) -> str:
    """Percent signs decoded, then letters of all scripts mapped (UTS 46); "" for what cannot be a name."""
    name = unquote(name) if "%" in name else name
    if not name.isascii():
        name = _a_labels(name)
    return name.lower().removesuffix(".")


def _a_labels(name: str) -> str:
    try:
        labels = idna.uts46_remap(name, std3_rules=False, transitional=False).split(".")
        return ".".join(label if label.isascii() else _a_label(label) for label in labels)
    except UnicodeError:
        return ""


def _a_label(label: str) -> str:
    # Browsers take symbols too, which IDNA 2008 does not have.
    return f"xn--{label.encode('punycode').decode('ascii')}" if len(label) <= _MAX_NAME else ""


def _literal(written: str) -> Host:
    try:
        address = IPv6Address(written[1:].partition("]")[0])
    except ValueError:
        return NO_HOST
    return NO_HOST if address.scope_id is not None else Host(address=address.ipv4_mapped or address)


def _ipv4(parts: list[str]) -> IPv4Address | None:
    """One to four numbers, decimal, octal or hexadecimal; the last one fills what is left."""
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *high, low = numbers
    if len(numbers) > _MAX_NUMBERS or any(number > 0xFF for number in high) or low >= 256 ** (5 - len(numbers)):  # noqa: PLR2004 - octets
        return None
    return IPv4Address(sum(number << 8 * (3 - place) for place, number in enumerate(high)) + low)


def _number(part: str) -> int:
    if not _NUMBER.fullmatch(part):
        raise ValueError(part)
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part.startswith("0") else 10)


def read_port(written: str) -> int | None:
    """None for none."""
    match = _PORT.match(written)
    port = int(match[0]) if match is not None else None
    return port if port is not None and port <= 0xFFFF else None  # noqa: PLR2004 - the highest port
