# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that readers and filters may see differently (RFC 2045, RFC 2046)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.mime.transfer import KNOWN
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_DEEP = 8
_BOUNDARY = SymbolDefinition(
    name="MIME_NO_PARTS", score=0.5, group="body", meaning="it is said to have parts, and none can be found"
)
_ENCODING = SymbolDefinition(
    name="MIME_UNKNOWN_ENCODING", score=0.5, group="body", meaning="a part is in an encoding that does not exist"
)
_TWICE = SymbolDefinition(
    name="MIME_SEVERAL_TYPES", score=0.5, group="body", meaning="a part says twice what it is, and differently"
)
_NESTED = SymbolDefinition(
    name="MIME_NESTED_DEEP", score=0.3, group="body", meaning="its parts are nested deeper than programs nest them"
)


def _find(letter: Letter) -> Iterator[Finding]:
    if not letter.is_looked_into:
        return
    nodes = [node for node in letter.mime.nodes if not node.is_nested]
    if any(map(_has_no_parts, nodes)):
        yield Finding(_BOUNDARY.name)
    unknown = next((node for node in nodes if not node.children and node.encoding not in KNOWN), None)
    if unknown is not None:
        yield Finding(_ENCODING.name, unknown.encoding[:40])
    several = (node.fields.types for node in nodes if len(node.fields.types) > 1)
    if any(len({field.value for field in types}) > 1 for types in several):
        yield Finding(_TWICE.name)
    if max(node.depth for node in letter.mime.nodes) > _DEEP:
        yield Finding(_NESTED.name)


def _has_no_parts(node: Part) -> bool:
    return node.content_type.startswith("multipart/") and not node.children and bool(node.raw.strip())


CHECK = ContentCheck(name="broken_structure", symbols=(_BOUNDARY, _ENCODING, _TWICE, _NESTED), find=_find)
