# SPDX-License-Identifier: GPL-3.0-or-later
"""Identities as people write them: ``ip:192.0.2.1``, or the name alone where it says what it is."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from postward.directory.address import domain_key, login_key, mailbox
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.ip_address import plain_address

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CHARS = 1_000
KIND_WORDS = {kind.value: kind for kind in IdentityKind} | {"network": IdentityKind.NETWORK}
"""The kinds by the words that people write before the colon."""
_PREFIX_LENGTHS = {4: (24,), 6: (64, 48)}
"""The first is meant where none is written."""
_MOST_ASN = 2**32 - 1
_DOMAIN_KINDS = (
    IdentityKind.AUTHOR_DOMAIN,
    IdentityKind.DKIM_DOMAIN,
    IdentityKind.SPF_DOMAIN,
    IdentityKind.ORGANIZATION,
    IdentityKind.TENANT,
    IdentityKind.HELO,
)
"""What a domain alone may mean, the likeliest first."""


def parse_identity(text: str) -> Identity:
    """Read ``KIND:NAME``, or what can mean one identity only; raises ValueError, in words for whoever wrote it."""
    meant = identities_meant(text)
    if len(meant) > 1:
        *most, last = (f"{each.kind.value}:{each.name}" for each in meant)
        raise ValueError(f"may be several: write {', '.join(most)} or {last}")
    return meant[0]


def identities_meant(text: str) -> tuple[Identity, ...]:
    """Give those that a text may mean, the likeliest first: one for ``KIND:NAME``, several for a domain alone.

    Names come in the form in which they are kept.  Raises ValueError, in words for whoever wrote it.
    """
    text = text.strip()
    if len(text) > MAX_CHARS:
        raise ValueError(f"is longer than {MAX_CHARS} characters")
    word, colon, name = text.partition(":")
    kind = KIND_WORDS.get(word.lower())
    if kind is IdentityKind.ALL:
        if name:
            raise ValueError("all is everybody, and has no name behind it")
        return (EVERYBODY,)
    if colon and kind is not None:
        return (Identity(kind, _READERS[kind](name.strip())),)
    return _guessed(text)


def _guessed(text: str) -> tuple[Identity, ...]:
    """Read a name without its kind; an IPv6 address has colons of its own."""
    address, slash, client = text.rpartition("/")
    if slash and "@" in address:
        return (Identity(IdentityKind.PAIR, _pair(text)),)
    if slash:
        return (Identity(IdentityKind.NETWORK, _network(text)),)
    if "@" in client:
        return (Identity(IdentityKind.LOGIN, _login(text)),)
    if _is_ip(text):
        return (Identity(IdentityKind.IP, _ip(text)),)
    if text[:2].lower() == "as" and text[2:].isascii() and text[2:].isdigit():
        return (Identity(IdentityKind.ASN, _asn(text)),)
    if text.rpartition(".")[2].isdigit():
        raise ValueError("is no IP address")
    if "." in text and ":" not in text:
        domain = _domain(text)
        return tuple(Identity(kind, domain) for kind in _DOMAIN_KINDS)
    raise ValueError(f"is no identity: write KIND:NAME, with a kind of {', '.join(IdentityKind)}")


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _ip(text: str) -> str:
    try:
        return str(plain_address(ip_address(text)))
    except ValueError:
        raise ValueError("is no IP address") from None


def _network(text: str) -> str:
    """Read a network, or any address in it."""
    address, slash, length = text.partition("/")
    host = ip_address(_ip(address))
    kept = _PREFIX_LENGTHS[host.version]
    if slash and length not in map(str, kept):
        raise ValueError(f"networks of IPv{host.version} are kept as {' and '.join(f'/{bits}' for bits in kept)}")
    return str(ip_network(f"{host}/{length if slash else kept[0]}", strict=False))


def _asn(text: str) -> str:
    digits = text[2:] if text[:2].lower() == "as" else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(_MOST_ASN)) or int(digits) > _MOST_ASN:
        raise ValueError("is no number of an autonomous system, such as AS64500")
    return str(int(digits))


def _domain(text: str) -> str:
    name = domain_key(text)
    if name is None:
        raise ValueError("is no domain")
    return name


def _login(text: str) -> str:
    name = login_key(text)
    if name is None:
        raise ValueError("is no login")
    return name


def _pair(text: str) -> str:
    address, slash, client = text.rpartition("/")
    sender = mailbox(address) if slash else None
    if sender is None:
        raise ValueError("is no pair: write ADDRESS/IP, such as joe@example.com/192.0.2.1")
    return f"{sender.untagged}/{_ip(client)}"


_READERS: dict[IdentityKind, Callable[[str], str]] = {
    IdentityKind.IP: _ip,
    IdentityKind.NETWORK: _network,
    IdentityKind.ASN: _asn,
    IdentityKind.HELO: _domain,
    IdentityKind.SPF_DOMAIN: _domain,
    IdentityKind.DKIM_DOMAIN: _domain,
    IdentityKind.AUTHOR_DOMAIN: _domain,
    IdentityKind.ORGANIZATION: _domain,
    IdentityKind.PAIR: _pair,
    IdentityKind.LOGIN: _login,
    IdentityKind.TENANT: _domain,
    IdentityKind.OUTGOING_IP: _ip,
}
