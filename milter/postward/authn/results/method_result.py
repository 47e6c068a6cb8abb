# SPDX-License-Identifier: GPL-3.0-or-later
"""One result of an Authentication-Results field (RFC 8601 section 2.2, resinfo)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

KEYWORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?")
"""RFC 5321 section 4.1.2, Keyword: what methods, results, property types and properties are made of.

None that is registered is half as long, and the bound is one of the memory of what is remembered of them.
"""


@lru_cache(maxsize=128)
def _stranger_among(words: tuple[str, ...]) -> str | None:
    """Give the first that is no keyword."""
    return next((word for word in words if not KEYWORD.fullmatch(word)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """``method=result`` with what goes with it; all text may come from outside, but for the keywords.

    Raises ValueError where a method, result, property type or property is not a keyword.
    """

    method: str
    result: str
    reason: str = ""
    properties: tuple[tuple[str, str, str], ...] = ()
    """Property type, property and value: ``("header", "d", "example.com")``."""
    comment: str = ""
    """In words, for people; programs skip it."""

    def __post_init__(self) -> None:
        words = [self.method, self.result]
        for ptype, name, _ in self.properties:
            words += (ptype, name)
        stranger = _stranger_among(tuple(words))
        if stranger is not None:
            raise ValueError(f"not a keyword: {stranger!r}")

    def values(self, ptype: str, name: str) -> tuple[str, ...]:
        """All values of one property, in order."""
        return tuple(text for *key, text in self.properties if key == [ptype, name])
