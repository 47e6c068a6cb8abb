# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile on its way to a plugin process."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from postward.model.profile import Profile


def profile_to_values(profile: Profile) -> dict[str, Any]:
    """Plain values for JSON."""
    return {
        "address": profile.address,
        "kind": profile.kind,
        "name": profile.name,
        "groups": sorted(profile.groups),
        "attributes": dict(profile.attributes),
        "manager": profile.manager,
        "other_addresses": sorted(profile.other_addresses),
    }


def profile_from_values(values: dict[str, Any]) -> Profile:
    """Read them back."""
    return Profile(
        **{
            **values,
            "groups": frozenset(values["groups"]),
            "attributes": MappingProxyType(values["attributes"]),
            "other_addresses": frozenset(values["other_addresses"]),
        }
    )
