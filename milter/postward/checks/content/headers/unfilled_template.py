# SPDX-License-Identifier: GPL-3.0-or-later
"""Places in the header that a program for bulk mail was to fill in, and did not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_KEYS = (b"subject", b"from", b"to", b"message-id", b"reply-to")
_MAX_BYTES = 500
_WORDS = (
    rb"(?:first|last|full|user|your|rnd|random|rand|to|email|e-mail|name|company|domain|date|number|digit|customer)"
)
_PLACE = re.compile(
    rb"%%?" + _WORDS + rb"[a-z0-9_]{0,20}%?%?(?![0-9a-z])|\{\{ ?[a-z_.]{2,40} ?\}\}|\$\{[a-z_.]{2,40}\}|"
    rb"\{%? ?" + _WORDS + rb"[a-z_]{0,20} ?%?\}|%rnd_",
    re.IGNORECASE,
)

UNFILLED = SymbolDefinition(
    name="TEMPLATE_UNFILLED",
    score=0.5,
    group="bulk",
    meaning="a place in the header that was to be filled in for each recipient is still there",
)


def _find(letter: Letter) -> Iterator[Finding]:
    for key in _KEYS:
        field = letter.headers.first(key)
        if field is None or not (b"%" in field.value or b"{" in field.value):
            continue
        value = field.value[:_MAX_BYTES]
        match = _PLACE.search(value)
        if match is not None:
            yield Finding(UNFILLED.name, shown(value.strip()))
            return


CHECK = ContentCheck(name="unfilled_template", symbols=(UNFILLED,), find=_find)
