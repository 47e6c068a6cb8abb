# SPDX-License-Identifier: GPL-3.0-or-later
"""The Redis keys of identities: short, never two identities with one key, and nothing hostile as it is.

``pw:r{TAG}`` holds the record, with ``f`` behind it the fast window, with ``h`` the history: the tag is all that a
cluster looks at, so the three lie together.  A tag is one of

- 8 hexadecimal digits for an IPv4 address, 22 octets of base64 for an IPv6 address, 6 digits for a /24, 16 for a /64
  and 12 for a /48;
- a letter for the kind, ``:``, and the name, every octet of it outside ``[a-z0-9.@+_/-]`` as ``%XX``;
- the same with ``#`` and a hash in place of a long name, from which the name cannot be told;
- ``p:ADDRESS:IP`` for a pair, the client as in the first line.

No name has a ``:`` or ``#`` of its own there, and none of the first line any ``:``, so no two forms meet.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from postward.model.identity import Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "pw:r{"
FAST, HISTORY = "f", "h"
"""What stands behind the key of the record."""
CORRESPONDENCE_PREFIX = "pw:c{"
LETTERS = {
    IdentityKind.ALL: "w",
    IdentityKind.IP: "i",
    IdentityKind.NETWORK: "n",
    IdentityKind.ASN: "a",
    IdentityKind.HELO: "h",
    IdentityKind.SPF_DOMAIN: "s",
    IdentityKind.DKIM_DOMAIN: "d",
    IdentityKind.AUTHOR_DOMAIN: "f",
    IdentityKind.ORGANIZATION: "o",
    IdentityKind.PAIR: "p",
    IdentityKind.LOGIN: "l",
    IdentityKind.TENANT: "t",
    IdentityKind.OUTGOING_IP: "x",
}
"""The kinds, as they begin a tag."""
_KINDS = {letter: kind for kind, letter in LETTERS.items()}
_LONGEST = 100
"""Octets of an escaped name; more are hashed."""
_REMEMBERED = 2_048
_LONGEST_IP = 45
_IPV4_OCTETS, _IPV6_OCTETS, _BASE64_OF_IPV6 = 4, 16, 22
_HALF = bytes(8)
_is_plain = re.compile(r"[a-z0-9.@+_/-]*+").fullmatch
_is_hash = re.compile(r"[a-z]:#[a-z2-7]{26}").fullmatch
_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789.@+_/-")
_ESCAPED = tuple(chr(octet) if octet in _SAFE else f"%{octet:02X}" for octet in range(256))


def key_of(identity: Identity) -> str:
    """The key of an identity's record, of at most 110 octets, ASCII without blanks; any name is taken."""
    # Whoever is read is taught soon after, and some write much.
    return _remembered(identity) if len(identity.name) <= _LONGEST else _made(identity)


def _made(identity: Identity) -> str:
    kind, name = identity.kind, identity.name
    short = _SHORT[kind](name) if kind in _SHORT else ""
    if short:
        return f"{PREFIX}{short}}}"
    escaped = _escaped(name)
    return f"{PREFIX}{LETTERS[kind]}:{_hash(name) if escaped is None else escaped}}}"


def identity_of(key: str) -> Identity | None:
    """Whose record the key holds; None for what ``key_of`` never makes, and for a long name, which was hashed."""
    try:
        identity = _read(tag_of(key))
    except ValueError:
        return None
    return identity if identity is not None and key_of(identity) == key else None


def tag_of(key: str) -> str:
    """What stands in a key of a record, and says whose it is; "" for another key."""
    return key[len(PREFIX) : -1] if key.startswith(PREFIX) and key.endswith("}") else ""


def key_of_tag(tag: str) -> str | None:
    """The key for a tag, also for one with a hash; None for what ``key_of`` never makes."""
    key = f"{PREFIX}{tag}}}"
    return key if identity_of(key) is not None or _has_hash(tag) else None


def kind_of_tag(tag: str) -> IdentityKind | None:
    """The kind of a tag that ``key_of_tag`` takes."""
    if ":" in tag:
        return _KINDS.get(tag[0])
    return IdentityKind.IP if len(tag) in {2 * _IPV4_OCTETS, _BASE64_OF_IPV6} else IdentityKind.NETWORK


def correspondence_key(user: str, other: str) -> str:
    """The key that says that a user of ours has written to somebody: of a hash, so that nobody is told whom."""
    first = user.encode(errors="surrogatepass")
    digest = hashlib.blake2b(
        b"%d:%b%b" % (len(first), first, other.encode(errors="surrogatepass")), digest_size=16
    ).digest()
    return f"{CORRESPONDENCE_PREFIX}{_base64(digest)}}}"


def is_correspondence_key(key: str) -> bool:
    """Whether ``correspondence_key`` can have made it."""
    inner = key[len(CORRESPONDENCE_PREFIX) : -1]
    try:
        _unpacked(inner)
    except ValueError:
        return False
    return key == f"{CORRESPONDENCE_PREFIX}{inner}}}"


def _escaped(name: str) -> str | None:
    """Return the name as a tag takes it; None where that is too long."""
    if len(name) > _LONGEST:
        return None
    if _is_plain(name):
        return name
    escaped = "".join(map(_ESCAPED.__getitem__, name.encode(errors="surrogatepass")))
    return escaped if len(escaped) <= _LONGEST else None


def _hash(name: str) -> str:
    digest = hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16).digest()
    return "#" + b32encode(digest).decode().rstrip("=").lower()


def _has_hash(tag: str) -> bool:
    return _is_hash(tag) is not None and tag[0] in _KINDS


def _short_ip(name: str) -> str:
    """Return the short form of an address; "" for what is none, or is not written as usual."""
    packed = _packed(name)
    return _base64(packed) if len(packed) == _IPV6_OCTETS else packed.hex()


def _short_network(name: str) -> str:
    if name.endswith(".0/24"):
        packed = _packed(name[:-3])
        return packed[:3].hex() if len(packed) == _IPV4_OCTETS else ""
    packed = _packed(name[:-3]) if name.endswith(("::/64", "::/48")) else b""
    octets = 6 if name.endswith("/48") else 8
    return packed[:octets].hex() if packed and not any(packed[octets:]) else ""


def _short_pair(name: str) -> str:
    address, slash, client = name.rpartition("/")
    ip = _short_ip(client)
    escaped = _escaped(address) if slash and ip else None
    if escaped is None or len(escaped) + len(ip) >= _LONGEST:
        return ""
    return f"{LETTERS[IdentityKind.PAIR]}:{escaped}:{ip}"


def _packed(name: str) -> bytes:
    """Return an address's octets; empty where it is written in a way that leads to it, and is not led to by it."""
    if len(name) > _LONGEST_IP:
        return b""
    try:
        if ":" not in name:
            # It takes four numbers without leading zeros, so each address is written in one way.
            return inet_pton(AF_INET, name)
        packed = inet_pton(AF_INET6, name)
    except (OSError, ValueError):
        return b""
    return packed if inet_ntop(AF_INET6, packed) == name else b""


def _base64(packed: bytes) -> str:
    return urlsafe_b64encode(packed).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    """Return the 16 octets that ``_base64`` made this of; raises ValueError for anything else."""
    if len(text) != _BASE64_OF_IPV6:
        raise ValueError("not so long")
    packed = urlsafe_b64decode(text + "==")
    if len(packed) != _IPV6_OCTETS or _base64(packed) != text:
        raise ValueError("not written so")
    return packed


def _read(tag: str) -> Identity | None:
    if ":" not in tag:
        return _read_short(tag)
    kind = _KINDS.get(tag[0])
    if kind is None or tag[1] != ":":
        return None
    name, is_pair, client = tag[2:].rpartition(":")
    if not is_pair:
        return Identity(kind, _unescaped(tag[2:]))
    ip = _read_short(client)
    return Identity(kind, f"{_unescaped(name)}/{ip.name}") if ip is not None else None


def _unescaped(text: str) -> str:
    return unquote_to_bytes(text).decode(errors="surrogatepass")


def _read_short(tag: str) -> Identity | None:
    if len(tag) == _BASE64_OF_IPV6:
        return Identity(IdentityKind.IP, inet_ntop(AF_INET6, _unpacked(tag)))
    packed = bytes.fromhex(tag)
    match len(packed):
        case 4:
            return Identity(IdentityKind.IP, inet_ntop(AF_INET, packed))
        case 3:
            return Identity(IdentityKind.NETWORK, f"{inet_ntop(AF_INET, packed + bytes(1))}/24")
        case 6:
            return Identity(IdentityKind.NETWORK, f"{inet_ntop(AF_INET6, packed + bytes(10))}/48")
        case 8:
            return Identity(IdentityKind.NETWORK, f"{inet_ntop(AF_INET6, packed + _HALF)}/64")
        case _:
            return None


_SHORT: dict[IdentityKind, Callable[[str], str]] = {
    IdentityKind.IP: _short_ip,
    IdentityKind.NETWORK: _short_network,
    IdentityKind.PAIR: _short_pair,
}
"""What makes a whole tag of a name; "" where the name is not as usual, and the long form has to do."""
_remembered = lru_cache(_REMEMBERED)(_made)
