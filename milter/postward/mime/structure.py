# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the parts of a message: octet offsets, in time linear in its size, whatever it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.mime.archive import Allowance
from postward.mime.fields import read_fields
from postward.mime.part import MESSAGE_TYPES, Part
from postward.mime.transfer import IDENTITY, KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mime.bounds import MimeBounds
    from postward.mime.fields import PartFields

_MAX_BOUNDARY = 998
_MAX_PROBLEMS = 20
_CR = 13
_ELSEWHERE = {
    "message/partial": "a fragment of a message",
    "message/external-body": "its content is somewhere else",
}


@dataclass(slots=True, kw_only=True)
class _Place:
    """Where a part stands; made for every part, so not frozen, which takes twice the time."""

    number: str
    """As in IMAP; of the root of a message that of the message."""
    is_root: bool = False
    header_start: int = 0
    body_start: int = 0
    end: int
    depth: int = 0
    parent_type: str = ""
    is_nested: bool = False

    def path(self, *, is_multipart: bool) -> str:
        if not self.is_root:
            return self.number
        prefix = f"{self.number}." if self.number else ""
        if is_multipart:
            return f"{prefix}TEXT" if prefix else ""
        return f"{prefix}1"


class StructureReader:
    """Reads one message once.

    The boundaries of an outer multipart end all that is within it (RFC 2046 section 5.1.2), so every multipart
    searches only what its parent left to it, and no octet is searched more often than multiparts may be nested.
    """

    def __init__(self, body: bytes, bounds: MimeBounds) -> None:
        self.problems: list[str] = []
        """What could not be read, in words; bounded."""
        self._body = body
        self._bounds = bounds
        self._allowance = Allowance()
        self._parts = 0
        self._candidates = 0

    def read(self, fields: PartFields) -> Part:
        """Give the root, for a message with those fields."""
        return self._part(fields, _Place(number="", is_root=True, end=len(self._body)))

    def _part(self, fields: PartFields, place: _Place) -> Part:
        self._parts += 1
        content_type = _type_of(fields, place)
        children: tuple[Part, ...] = ()
        problem = _ELSEWHERE.get(content_type, "")
        if content_type.startswith("multipart/"):
            children, problem = self._multipart(fields, content_type, place)
        elif content_type in MESSAGE_TYPES:
            children, problem = self._message(fields, place)
        if not children and not problem and fields.encoding not in KNOWN:
            problem = "unknown Content-Transfer-Encoding"
        path = place.path(is_multipart=bool(children) and content_type not in MESSAGE_TYPES)
        self._note(path, problem or fields.problem)
        return Part(
            path=path,
            content_type=content_type,
            depth=place.depth,
            header_start=place.header_start,
            body_start=place.body_start,
            end=place.end,
            fields=fields,
            body=self._body,
            allowance=self._allowance,
            parent_type=place.parent_type,
            is_nested=place.is_nested,
            children=children,
            structure_problem=problem,
        )

    def _note(self, path: str, problem: str) -> None:
        if problem and len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(f"part {path or 'TEXT'}: {problem}")

    def _multipart(self, fields: PartFields, content_type: str, place: _Place) -> tuple[tuple[Part, ...], str]:
        boundary = fields.content_type.boundary
        if place.body_start >= place.end:
            return (), ""
        if not boundary or len(boundary) > _MAX_BOUNDARY:
            return (), "multipart without a boundary" if not boundary else "boundary too long"
        if place.depth >= self._bounds.max_depth:
            return (), f"nested more than {self._bounds.max_depth} deep"
        children: list[Part] = []
        for number, (start, end) in enumerate(self._segments(boundary, place.body_start, place.end), start=1):
            if self._parts >= self._bounds.max_parts:
                return tuple(children), f"more than {self._bounds.max_parts} parts"
            children.append(self._child(content_type, place, number, start, end))
        if self._candidates >= self._bounds.max_candidates:
            return tuple(children), "too many lines that begin as a boundary does"
        return tuple(children), "" if children else "the boundary does not occur"

    def _child(self, parent_type: str, parent: _Place, number: int, start: int, end: int) -> Part:
        fields, body_start = read_fields(self._body, start, end)
        place = _Place(
            number=f"{parent.number}.{number}" if parent.number else str(number),
            header_start=start,
            body_start=body_start,
            end=end,
            depth=parent.depth + 1,
            parent_type=parent_type,
            is_nested=parent.is_nested,
        )
        return self._part(fields, place)

    def _message(self, fields: PartFields, place: _Place) -> tuple[tuple[Part, ...], str]:
        if fields.encoding not in IDENTITY:
            return (), "an attached message in a transfer encoding"
        if place.depth >= self._bounds.max_depth:
            return (), f"nested more than {self._bounds.max_depth} deep"
        if self._parts >= self._bounds.max_parts:
            return (), f"more than {self._bounds.max_parts} parts"
        inner, body_start = read_fields(self._body, place.body_start, place.end)
        root = _Place(
            number=place.path(is_multipart=False),
            is_root=True,
            header_start=place.body_start,
            body_start=body_start,
            end=place.end,
            depth=place.depth + 1,
            is_nested=True,
        )
        return (self._part(inner, root),), ""

    def _segments(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Header and content of each part; what is before the first boundary and behind the last is none."""
        opened = -1
        for line_start, line_end, is_close in self._delimiters(boundary, start, end):
            if opened >= 0:
                yield opened, max(opened, self._before_line_end(line_start))
            # More parts behind the boundary that closes are parts, since some readers show them.
            opened = -1 if is_close else min(line_end + 1, end)
        if opened >= 0:
            yield opened, end

    def _before_line_end(self, line_start: int) -> int:
        at = line_start - 1
        return at - 1 if at > 0 and self._body[at - 1] == _CR else at

    def _delimiters(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Start of each boundary line, its line end, and whether it closes."""
        body = self._body
        for line_start in self._line_starts(b"--" + boundary, start, end):
            after = line_start + 2 + len(boundary)
            line_end = body.find(b"\n", after, end)
            if line_end < 0:
                line_end = end
            is_close = body.startswith(b"--", after, end)
            # A longer boundary that begins the same is another one.
            if not body[after + 2 * is_close : line_end].strip(b" \t\r"):
                yield line_start, line_end, is_close

    def _line_starts(self, prefix: bytes, start: int, end: int) -> Iterator[int]:
        """Where a line begins so; in what is left of the allowance."""
        if self._body.startswith(prefix, start, end):
            yield start
        needle = b"\n" + prefix
        at = self._body.find(needle, start, end)
        while at >= 0 and self._candidates < self._bounds.max_candidates:
            self._candidates += 1
            yield at + 1
            at = self._body.find(needle, at + len(needle), end)


def _type_of(fields: PartFields, place: _Place) -> str:
    """The type; where there is none that can be read, that of RFC 2045 section 5.2 and RFC 2046 section 5.1.5."""
    if not fields.types and place.parent_type == "multipart/digest":
        return "message/rfc822"
    value = fields.content_type.value
    kind, slash, subtype = value.partition("/")
    return value if kind and slash and subtype else "text/plain"
