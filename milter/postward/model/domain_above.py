# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains that stand for all below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def domain_above(name: str, domains: Collection[str]) -> str:
    """Which of ``domains`` is ``name``, or is nearest above it; "" for none.  All in lower case."""
    while name and domains:
        if name in domains:
            return name
        name = name.partition(".")[2]
    return ""
