# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a part that say what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from postward.mime.bounds import MAX_FIELD_BYTES
from postward.mime.parameters import ContentField

if TYPE_CHECKING:
    from postward.model.header import Headers

# One look from the first octet of a header to the first that is not of it.  Groups are atomic rather than repeated
# possessively: Python before 3.11.5 gets the latter wrong (gh-106052).  They keep a note of each
# step, so these are bounded.
_HEADER = re.compile(
    rb"(?:>?From [^\n]*+(?:\n|\Z))?"
    rb"(?>(?:[!-9;-~]++[ \t]*+:[^\n]*+(?:\n|\Z)(?>(?:[ \t][^\n]*+(?:\n|\Z)){0,50000})){0,10000})"
)
_EMPTY_LINE = re.compile(rb"\r?\n")
_FIELD = re.compile(
    rb"^(?:content-(type|disposition|transfer-encoding|id)|(sig|content-location))[ \t]*+:"
    rb"((?>(?:[^\n]*+\n[ \t]){0,50000})[^\n]*+)",
    re.IGNORECASE | re.MULTILINE,
)
_TOKEN = re.compile(rb"[\s\"]*+([A-Za-z0-9-]*+)")
_MAX_SAME = 10
NONE = ContentField(b"")


class PartFields(NamedTuple):
    """Fields of one part; where there are several of a name, the first one counts."""

    types: tuple[ContentField, ...] = ()
    dispositions: tuple[ContentField, ...] = ()
    encoding: str = ""
    """Lower case; "" where there is none."""
    has_id: bool = False
    """It has a Content-ID or Content-Location, by which another part may show it."""
    is_signed: bool = False
    """It has a Sig field (draft-ietf-mailmaint-unobtrusive-signatures)."""
    problem: str = ""

    @property
    def content_type(self) -> ContentField:
        """The first Content-Type."""
        return self.types[0] if self.types else NONE

    @property
    def disposition(self) -> ContentField:
        """The first Content-Disposition."""
        return self.dispositions[0] if self.dispositions else NONE


def fields_of_message(headers: Headers) -> PartFields:
    """Read those of the message itself."""
    encoding = headers.first(b"content-transfer-encoding")
    return _fields(
        [field.value for field in headers.all(b"content-type")],
        [field.value for field in headers.all(b"content-disposition")],
        encoding.value if encoding is not None else b"",
        has_id=False,
        is_signed=headers.first(b"sig") is not None,
    )


def read_fields(body: bytes, start: int, end: int) -> tuple[PartFields, int]:
    """Read the header of a part that begins there; give it, and where the content begins.

    The header ends at an empty line or before the first line that is no field.
    """
    match = _HEADER.match(body, start, end)
    header_end = match.end() if match is not None else start
    empty = _EMPTY_LINE.match(body, header_end, end)
    found: dict[bytes, list[bytes]] = {}
    for field in _FIELD.finditer(body, start, header_end):
        found.setdefault((field[1] or field[2]).lower(), []).append(field[3])
    fields = _fields(
        found.get(b"type", []),
        found.get(b"disposition", []),
        found.get(b"transfer-encoding", [b""])[0],
        has_id=b"id" in found or b"content-location" in found,
        is_signed=b"sig" in found,
        problem="" if empty is not None or header_end == end else "no empty line ends the header",
    )
    return fields, empty.end() if empty is not None else header_end


def _fields(
    types: list[bytes],
    dispositions: list[bytes],
    encoding: bytes,
    *,
    has_id: bool,
    is_signed: bool,
    problem: str = "",
) -> PartFields:
    if len(types) > 1 and len(set(types)) > 1:
        problem = "several Content-Type fields"
    if max(map(len, (*types, *dispositions)), default=0) > MAX_FIELD_BYTES:
        problem = "a Content-Type or Content-Disposition is too long"
    token = _TOKEN.match(encoding) if encoding else None
    return PartFields(
        types=tuple(map(ContentField, types[:_MAX_SAME])),
        dispositions=tuple(map(ContentField, dispositions[:_MAX_SAME])),
        encoding=token[1].decode("ascii").lower() if token is not None else "",
        has_id=has_id,
        is_signed=is_signed,
        problem=problem,
    )
