# SPDX-License-Identifier: GPL-3.0-or-later
"""MIME fields without MIME-Version, which every program that knows them writes (RFC 2045 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

MISSING = SymbolDefinition(
    name="MIME_VERSION_MISSING",
    score=0.8,
    group="headers",
    meaning="the message has HTML or parts, without the MIME-Version that belongs to it",
)


def _find(letter: Letter) -> Iterator[Finding]:
    first = letter.headers.first
    if (field := first(b"content-type")) is None or first(b"mime-version") is not None:
        return
    # Scripts write "text/plain" beside a charset and think no more of it.
    if not field.value.strip().lower().startswith(b"text/plain"):
        yield Finding(MISSING.name)


CHECK = ContentCheck(name="mime_version", symbols=(MISSING,), find=_find)
