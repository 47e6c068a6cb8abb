# SPDX-License-Identifier: GPL-3.0-or-later
"""A field that may stand once, and stands there twice with different values (RFC 5322 section 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_ONCE = (b"from", b"subject", b"date", b"message-id", b"sender", b"reply-to", b"to")
"""Others, such as Cc or MIME-Version, are doubled by gateways."""
_MAX_BYTES = 2_000

REPEATED = SymbolDefinition(
    name="FIELD_REPEATED",
    score=0.5,
    group="headers",
    meaning="a field that may stand only once has two different values",
)


def _find(letter: Letter) -> Iterator[Finding]:
    for key in _ONCE:
        if len(indexes := letter.headers.indexes(key)) < 2:  # noqa: PLR2004 - two are needed to differ
            continue
        if len({b" ".join(letter.headers[index].value[:_MAX_BYTES].split()) for index in indexes[:10]}) > 1:
            yield Finding(REPEATED.name, key.decode("ascii"))
            return


CHECK = ContentCheck(name="repeated_field", symbols=(REPEATED,), find=_find)
