# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``dns_lists``: which block and allow lists are asked, and about what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator

from postward.config.schema.domain import Domain, parse_domain
from postward.config.schema.network import Network  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.scoring import NewSymbolName  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, checked_text, fault, key

_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,49}")
_LABELS = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,39}")
_KEY_PLACE = "{key}"
_MAX_MEANING = 200
_MAX_ZONES = 50
_MAX_CODES = 100


def _parse_key(value: object) -> str:
    """A key; a fault never quotes it."""
    text = checked_text(value)
    if not _KEY.fullmatch(text):
        raise fault("is no key", "it is one label of a name in DNS: letters, digits and hyphens")
    return text


def _parse_name(value: object) -> str:
    text = checked_text(value)
    if not _NAME.fullmatch(text):
        raise fault("is no name of a list", "up to 50 small letters, digits and underscores")
    return text


def _parse_zone(value: object) -> str:
    """A zone of DNS, perhaps with a place for the key in front."""
    text = checked_text(value).lower()
    head, found, rest = text.partition(f"{_KEY_PLACE}.")
    if found and not head:
        return f"{_KEY_PLACE}.{parse_domain(rest)}"
    return parse_domain(text)


def _parse_labels(value: object) -> str:
    text = checked_text(value).lower()
    if not _LABELS.fullmatch(text):
        raise fault("is nothing to ask a list for", "write 2.0.0.127, or a domain")
    return text


def _checked_meaning(text: str) -> str:
    if len(text) > _MAX_MEANING or not text.isascii() or not text.isprintable():
        raise fault(f"is no plain text of up to {_MAX_MEANING} ASCII characters", "it stands in a header field")
    return text


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(values) > _MAX_ZONES:
        raise fault(f"has more than {_MAX_ZONES} entries")
    return MappingProxyType(dict(values))


def _frozen_codes(values: Mapping[str, ListCodeSection | None]) -> Mapping[str, ListCodeSection | None]:
    if not 0 < len(values) <= _MAX_CODES:
        raise fault(f"must have 1 to {_MAX_CODES} entries", "give each answer that the list is known for")
    return MappingProxyType(dict(values))


ListName = Annotated[str, PlainValidator(_parse_name)]
_Keys = Annotated[Mapping[ListName, Annotated[str, PlainValidator(_parse_key)]], AfterValidator(_frozen)]
_Labels = Annotated[str, PlainValidator(_parse_labels)]
_Subject = Literal["client", "received", "helo", "sender", "dkim", "url"]


class ListCodeSection(Section):
    """What one answer of a list means."""

    symbol: NewSymbolName
    score: Annotated[float, Field(ge=-1_000, le=1_000)]
    meaning: Annotated[str, AfterValidator(_checked_meaning)] = ""
    policy: bool = False


class ListZoneSection(Section):
    """A list that is no preset."""

    zone: Annotated[str, PlainValidator(_parse_zone)]
    kind: Literal["block", "allow"] = "block"
    about: tuple[_Subject, ...] = ("client",)
    codes: Annotated[Mapping[str, ListCodeSection | None], AfterValidator(_frozen_codes)]
    errors: tuple[str, ...] = ()
    ipv6: bool = False
    by_host: bool = False
    listed: tuple[_Labels, ...] | None = None
    unlisted: tuple[_Labels, ...] | None = None


class DnsListsSection(Section):
    """Block and allow lists in DNS, about clients and domains of mail from outside (docs/dns-lists.md)."""

    use: tuple[ListName, ...] = key(
        "Lists that are asked, by the names that docs/dns-lists.md has: spamhaus_zen, spamhaus_dbl, spamcop, psbl,"
        " barracuda, uceprotect1, mailspike_bl, mailspike_wl, surbl, uribl, dnswl, senderscore; with a key"
        " spamhaus_zen_dqs, spamhaus_dbl_dqs, spamhaus_zrd_dqs.  Mind the terms of those who run them.",
        default=(),
    )
    keys: _Keys = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Keys for lists that need one: {spamhaus: KEY}, and that of a list below by its name.  They are"
        " secrets, and shown nowhere.",
    )
    zones: Annotated[Mapping[ListName, ListZoneSection], AfterValidator(_frozen)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Other lists: {ours: {zone: bl.example.com, about: [client], codes: {127.0.0.2: {symbol: OUR_LIST,"
        " score: 3, meaning: 'we know the address for spam'}}}}.",
    )
    received: bool = key(
        "Ask about addresses in Received fields too, as far as those who wrote them are trusted: origin.trusted_relays"
        " and trusted_forwarders.",
        default=False,
    )
    trusted_forwarders: tuple[Network, ...] = key(
        "Hosts that forward mail to us and record truly where it comes from; believed for these lists only.", default=()
    )
    exempt_networks: tuple[Network, ...] = key("Clients that lists are not asked about.", default=())
    exempt_domains: tuple[Domain, ...] = key(
        "Domains that lists are not asked about, nor about those below them.", default=()
    )
    link_domains: int = key("Domains of links that one message has asked about.", default=20, least=0, most=200)
    questions_per_message: int = key(
        "Questions to lists that one message may cause; they do not count among dns.queries_per_message.",
        default=200,
        least=1,
        most=2_000,
    )
    timeout_s: float = key(
        "Seconds that one message waits for all lists together; those that have not answered are passed over.",
        default=3.0,
        least=0.1,
        most=60,
    )
    probe_interval_s: float = key(
        "Seconds after which each list is probed again: one that fails is switched off until a probe goes well.",
        default=600.0,
        least=1,
        most=86_400,
    )
    error_pause_s: float = key(
        "Seconds for which a list is not asked at all after it has answered with an error.",
        default=3_600.0,
        least=1,
        most=604_800,
    )
