# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory says of one address, and of the people that it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One address of a hosted domain."""

    address: str
    """In lower case, the domain as A-label."""
    kind: str = "user"
    """user, group, alias, shared or room."""
    name: str = ""
    """As people see it."""
    groups: frozenset[str] = frozenset()
    """Names of the groups that the address is in: as the directory calls them, in lower case."""
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """department, company, country and whatever else the directory has, by name."""
    manager: str = ""
    """Address of whoever decides for this one; "" where nobody is named."""
    other_addresses: frozenset[str] = frozenset()
    """Addresses elsewhere that belong to the same person, who may write from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name that others may borrow, and the addresses that have a right to it."""

    name: str
    addresses: frozenset[str]
