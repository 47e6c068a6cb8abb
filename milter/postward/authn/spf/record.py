# SPDX-License-Identifier: GPL-3.0-or-later
"""An SPF record, read strictly by the grammar of RFC 7208 section 12."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from postward.authn.spf.macro import CURRENT_DOMAIN, DomainSpec, read_domain_spec, read_macro_string
from postward.errors import PermanentFailure
from postward.model.ip_address import IpAddress  # noqa: TC001 - a field type of a dataclass

VERSION = "v=spf1"
MAX_CACHED_CHARACTERS = 1024
"""Longer records are read anew each time, so that hostile ones cannot fill the memory."""

_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL)
_DIRECTIVE = re.compile(r"([+?~-]?)([a-z0-9]+)(.*)", re.IGNORECASE | re.DOTALL)
_DUAL_CIDR = re.compile(r"(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?\Z")
_IP4_NETWORK = re.compile(r":([0-9.]+)(?:/(0|[1-9][0-9]?))?")
_IP6_NETWORK = re.compile(r":([0-9a-f:.]+)(?:/(0|[1-9][0-9]{0,2}))?", re.IGNORECASE)
_IP4_BITS = 32
_IP6_BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """One mechanism with its qualifier."""

    qualifier: str
    mechanism: str
    """In lower case."""
    domain: DomainSpec | None = None
    network: IpAddress | None = None
    ip4_prefix: int = _IP4_BITS
    ip6_prefix: int = _IP6_BITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record without a syntax error."""

    directives: tuple[str, ...]
    """As written, in order; ``read_directive`` reads one."""
    redirect: str = ""
    """Domain-spec as written."""


def read_record(text: str) -> Record:
    """Read a record, ``v=spf1`` included; raises PermanentFailure on a syntax error anywhere in it.

    RFC 7208 section 4.6: errors anywhere count, also behind a mechanism that matches.
    """
    return _cached_record(text) if len(text) <= MAX_CACHED_CHARACTERS else _read_record(text)


def read_directive(text: str) -> Directive:
    """Read one directive; raises PermanentFailure on a syntax error."""
    return _cached_directive(text) if len(text) <= MAX_CACHED_CHARACTERS else _read_directive(text)


def _read_record(text: str) -> Record:
    directives: list[str] = []
    singles: dict[str, str] = {}
    # RFC 7208 section 4.6.1: terms are separated by one or more spaces and by nothing else.
    for term in filter(None, text.split(" ")[1:]):
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            read_directive(term)
            directives.append(term)
        else:
            _read_modifier(modifier[1].lower(), modifier[2], singles)
    return Record(directives=tuple(directives), redirect=singles.get("redirect", ""))


def _read_modifier(name: str, value: str, singles: dict[str, str]) -> None:
    if name not in ("redirect", "exp"):
        # RFC 7208 section 6: unknown modifiers are ignored, however often they come; their macros must be well formed.
        read_macro_string(value)
        return
    # RFC 7208 section 6: these two at most once each.
    if name in singles:
        raise PermanentFailure(f"{name}= appears more than once")
    read_domain_spec(value)
    singles[name] = value


def _read_directive(text: str) -> Directive:
    match = _DIRECTIVE.fullmatch(text)
    if match is None:
        raise PermanentFailure(f"neither mechanism nor modifier: {text}")
    qualifier, mechanism, rest = match[1] or "+", match[2].lower(), match[3]
    reader = _READERS.get(mechanism)
    if reader is None:
        raise PermanentFailure(f"unknown mechanism: {text}")
    return reader(qualifier, mechanism, rest)


def _read_all(qualifier: str, mechanism: str, rest: str) -> Directive:
    if rest:
        raise PermanentFailure(f"all takes no argument: {rest}")
    return Directive(qualifier=qualifier, mechanism=mechanism)


def _read_named(qualifier: str, mechanism: str, rest: str) -> Directive:
    """Include and exists: the domain is required."""
    return Directive(qualifier=qualifier, mechanism=mechanism, domain=_domain(rest))


def _read_ptr(qualifier: str, mechanism: str, rest: str) -> Directive:
    return Directive(qualifier=qualifier, mechanism=mechanism, domain=_domain(rest) if rest else CURRENT_DOMAIN)


def _read_hosts(qualifier: str, mechanism: str, rest: str) -> Directive:
    """Read a and mx: an optional domain, then an optional dual-cidr-length."""
    named, ip4_digits, ip6_digits, _ = _DUAL_CIDR.split(rest, maxsplit=1)
    return Directive(
        qualifier=qualifier,
        mechanism=mechanism,
        domain=_domain(named) if named else CURRENT_DOMAIN,
        ip4_prefix=_prefix(ip4_digits, _IP4_BITS),
        ip6_prefix=_prefix(ip6_digits, _IP6_BITS),
    )


def _read_ip4(qualifier: str, mechanism: str, rest: str) -> Directive:
    match = _IP4_NETWORK.fullmatch(rest)
    try:
        network = IPv4Address(match[1] if match else rest)
    except ValueError as error:
        raise PermanentFailure(f"invalid ip4 network: {rest}") from error
    prefix = _prefix(match[2] if match else None, _IP4_BITS)
    return Directive(qualifier=qualifier, mechanism=mechanism, network=network, ip4_prefix=prefix)


def _read_ip6(qualifier: str, mechanism: str, rest: str) -> Directive:
    match = _IP6_NETWORK.fullmatch(rest)
    try:
        network = IPv6Address(match[1] if match else "")
    except ValueError as error:
        raise PermanentFailure(f"invalid ip6 network: {rest}") from error
    prefix = _prefix(match[2] if match else None, _IP6_BITS)
    return Directive(qualifier=qualifier, mechanism=mechanism, network=network, ip6_prefix=prefix)


def _domain(rest: str) -> DomainSpec:
    if not rest.startswith(":"):
        raise PermanentFailure(f"a domain is needed, not: {rest}")
    return read_domain_spec(rest[1:])


def _prefix(digits: str | None, bits: int) -> int:
    prefix = bits if digits is None else int(digits)
    if prefix > bits:
        raise PermanentFailure(f"prefix length over {bits}: {prefix}")
    return prefix


_READERS = {
    "all": _read_all,
    "include": _read_named,
    "exists": _read_named,
    "ptr": _read_ptr,
    "a": _read_hosts,
    "mx": _read_hosts,
    "ip4": _read_ip4,
    "ip6": _read_ip6,
}
_cached_record = lru_cache(maxsize=1024)(_read_record)
_cached_directive = lru_cache(maxsize=4096)(_read_directive)
