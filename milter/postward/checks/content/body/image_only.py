# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture in place of text, with a link behind it: nothing that a filter could read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.proven_author import is_author_proven
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_FEW_CHARACTERS = 120
_IMAGE_ONLY = SymbolDefinition(
    name="HTML_IMAGE_ONLY",
    score=1.2,
    group="html",
    meaning="it is a picture with a link, and hardly any text",
)


def _find(letter: Letter) -> Iterator[Finding]:
    # Photographs that people send have no link.
    has_image = any(view.images for view in letter.html.values())
    if has_image and len(letter.text) < _FEW_CHARACTERS and letter.anchors and not _is_answer(letter):
        yield Finding(_IMAGE_ONLY.name, f"{len(letter.text)} characters of text")


def _is_answer(letter: Letter) -> bool:
    """Short answers of people at work, with the sign of their firm below."""
    return letter.headers.first(b"in-reply-to") is not None and is_author_proven(letter)


CHECK = ContentCheck(name="image_only", symbols=(_IMAGE_ONLY,), find=_find)
