# SPDX-License-Identifier: GPL-3.0-or-later
"""Which LDAP server is asked, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapSettings:
    """Filters (RFC 4515) with placeholders in braces, into which values go escaped; what is None is not asked."""

    url: str
    """ldap://, ldaps:// or ldapi://"""
    base: str
    timeout_s: float
    start_tls: bool = False
    ca_file: Path | None = None
    """None trusts the authorities of the system."""
    bind_dn: str | None = None
    bind_password: str | None = field(default=None, repr=False)
    domain_filter: str | None = None
    """Takes {domain}."""
    domain_attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By field of ``fields.domain_entry``, the attribute that holds it."""
    recipient_filter: str | None = None
    """Takes {address}, {local_part} and {domain}; any entry says that it exists."""
    sender_filter: str | None = None
    """Takes {login}, {local_part} and {domain}, the last "" for a login without."""
    group_filter: str | None = None
    """Takes {group}, an address."""
    network_filter: str | None = None
    pattern_attributes: tuple[str, ...] = ()
    """In them stands what a sender, or a network, may use."""
    tenant_attribute: str | None = None
    member_attributes: tuple[str, ...] = ()
    network_attribute: str | None = None
    profile_filter: str | None = None
    """Takes {address}, {local_part} and {domain}; finds one entry at most."""
    profile_attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By field of ``profile_fields.profile_entry``, the attribute that holds it; a manager may be a DN."""
    other_address_attributes: tuple[str, ...] = ()
    member_of_attribute: str | None = None
    """Holds groups of an entry: DNs, of which the first value is the name, or names."""
    profile_group_filter: str | None = None
    """Finds the groups of an entry, by its {dn}, or the {address}, {local_part} and {domain} that were asked for."""
    group_name_attributes: tuple[str, ...] = ("cn", "mail")
    """Of the groups that it finds."""
    people_filter: str | None = None
    address_attributes: tuple[str, ...] = ("mail",)
    """Of people, and of a manager that is a DN; the name is the one of ``profile_attributes``."""
