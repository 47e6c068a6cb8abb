# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifier alignment (RFC 9989 sections 4.4 and 4.10.2): whether an authenticated name stands for the author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.dmarc.tree_walk import TreeWalk, TreeWalker

MAX_IDENTIFIERS = 20
"""Identifiers of one message that are looked at; the rest cannot align."""
MAX_WALKS = 10
"""Identifiers of one message that may cost a tree walk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A domain that SPF or DKIM authenticated."""

    label: str
    """How it is named in results: "spf", "dkim:<domain>"."""
    domain: str
    """A-labels in lower case."""
    is_strict: bool = False
    """Only the author domain itself aligns with it (tags adkim and aspf)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which identifiers align."""

    aligned_by: tuple[str, ...] = ()
    """Labels: all identifiers that are the author domain itself, else the first that belongs to its organization."""
    failure: str = ""
    """DNS failure that keeps a further identifier from being judged, in words."""


def find_alignment(author: TreeWalk, identifiers: Sequence[Identifier], walker: TreeWalker) -> Alignment:
    """Compare ``identifiers`` with the author domain; walks only where no identifier is equal to it."""
    considered = identifiers[:MAX_IDENTIFIERS]
    # Equal domains align in either mode, and need no walk (RFC 9989 section 4.10.2).
    equal = tuple(identifier.label for identifier in considered if identifier.domain == author.start)
    if equal:
        return Alignment(aligned_by=tuple(dict.fromkeys(equal)))
    related = [identifier for identifier in considered if not identifier.is_strict and _may_align(identifier, author)]
    if related and author.organizational_domain is None:
        return Alignment(failure=author.failure)
    failure = ""
    for identifier in related[:MAX_WALKS]:
        walk = walker.walk(identifier.domain)
        if walk.organizational_domain == author.organizational_domain:
            return Alignment(aligned_by=(identifier.label,))
        if walk.organizational_domain is None:
            failure = failure or walk.failure
    return Alignment(failure=failure)


def _may_align(identifier: Identifier, author: TreeWalk) -> bool:
    """Tell what no walk can align: an organizational domain is always the name itself or one above it."""
    top = author.organizational_domain or author.start.rpartition(".")[2]
    return identifier.domain == top or identifier.domain.endswith(f".{top}")
