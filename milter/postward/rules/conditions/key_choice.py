# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several necessary conditions the index looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.rules.conditions.base import IndexKeys

_RANKS = (
    "client.ip",
    "mail_from",
    "recipient",
    "client",
    "tag",
    "header",
    "from",
    "subject",
    "sender",
    "symbol",
    "auth",
    "attachment",
    "body",
)
"""What costs least to find out and excludes most comes first; an attribute goes by the beginning of its name."""


def best(choices: Iterable[tuple[IndexKeys, ...] | None]) -> tuple[IndexKeys, ...] | None:
    """The cheapest of several sets of keys, each of which is necessary; None where there is none."""
    known = [choice for choice in choices if choice is not None]
    return min(known, key=_cost, default=None)


def _cost(choice: tuple[IndexKeys, ...]) -> tuple[int, int]:
    return max((rank(key.attribute) for key in choice), default=-1), sum(len(key.values) for key in choice)


def rank(attribute: str) -> int:
    """Place of an attribute in the order of what it costs."""
    for rank, stem in enumerate(_RANKS):
        if attribute == stem or attribute.startswith((f"{stem}.", f"{stem}:")):
            return rank
    return len(_RANKS)
