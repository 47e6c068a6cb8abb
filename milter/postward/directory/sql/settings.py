# SPDX-License-Identifier: GPL-3.0-or-later
"""Which data base is asked, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlSettings:
    """Queries with named parameters (``:domain``); what is None is not asked."""

    url: str
    """As SQLAlchemy has it; may hold a password."""
    timeout_s: float
    connections: int
    domain: str | None = None
    """Takes ``:domain``; columns as ``fields.domain_entry`` has them."""
    recipient: str | None = None
    """Takes ``:address``, ``:local_part`` and ``:domain``; any row says that it exists."""
    sender: str | None = None
    """Takes ``:login``; rows of ``may_use`` and ``tenant``."""
    group: str | None = None
    """Takes ``:group``, an address; the first column of each row is a member."""
    networks: str | None = None
    """Takes nothing; rows of ``network``, ``may_use`` and ``tenant``."""
    profile: str | None = None
    """Takes ``:address``, ``:local_part`` and ``:domain``; columns as ``profile_fields.profile_entry`` has them."""
    people: str | None = None
    """Takes nothing; rows of ``name`` and ``address``."""
