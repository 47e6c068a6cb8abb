# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory says: hosted domains, recipients, and who may send as whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Known(StrEnum):
    """Whether an address of a hosted domain exists."""

    YES = "yes"
    NO = "no"
    NOT_HOSTED = "not hosted"
    """The domain is none of ours, or says nothing of its recipients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSettings:
    """What a domain sets in place of the global settings; None leaves the global one."""

    suspect_threshold: float | None = None
    junk_threshold: float | None = None
    reject_threshold: float | None = None
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Of symbols, in place of the global ones; a name that there is not counts for nothing."""
    on_dmarc_reject: str | None = None
    """none, junk, quarantine or reject."""
    on_dmarc_quarantine: str | None = None
    reject_unknown_recipients: bool = False
    archive_address: str | None = None
    """Gets a copy of every message to and from the domain."""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Free settings, by name, for rules of the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEntry:
    """One hosted domain."""

    name: str
    """An A-label in lower case."""
    tenant: str
    """Whose it is; the name of the domain where nothing else is said."""
    settings: DomainSettings = field(default_factory=DomainSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderEntry:
    """What one login, or one client network, may use as envelope sender and in From."""

    identity: str
    """The login, or the network, in words."""
    tenant: str = ""
    addresses: frozenset[str] = frozenset()
    """Whole addresses, in lower case; each also with a ``+`` tag."""
    domains: frozenset[str] = frozenset()
    """All addresses of these domains."""
    parent_domains: frozenset[str] = frozenset()
    """All addresses of the sub-domains of these, at any depth, and not of themselves."""
    may_use_any: bool = False
