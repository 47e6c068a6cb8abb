# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a notice where a part was, and keep every other octet."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.mime.message import MimeMessage
    from postward.mime.part import Part

_CONTENT_FIELD = re.compile(rb"^content-[^\n]*+(?>(?:\n[ \t][^\n]*+){0,50000})(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
# What may be taken for a boundary, or for the beginning of a message in a mailbox file.
_LINE_START = re.compile(rb"^(?:-|F(?=rom ))", re.MULTILINE)
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), 127))
_MAX_LINE = 76
_OF_WHOLE = ("Content-Disposition", "Content-ID", "Content-MD5", "Content-Description", "Content-Language")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyChange:
    """The body as it is to be, and fields of the header to go with it."""

    body: bytes
    header: Mapping[str, str] = field(default_factory=dict)
    """By name the value that the only field of that name is to have; "" removes it.  Empty where all stays."""


def with_parts_replaced(mime: MimeMessage, notices: Mapping[str, str]) -> BodyChange:
    """Replace the parts with those paths by a text each; paths that there are not are left out.

    What is within a part that is replaced goes with it.  Where the part is the whole message its header has to change.
    """
    root = mime.root
    eol = b"\r\n" if b"\r\n" in mime.body or b"\n" not in mime.body else b"\n"
    if root.path in notices:
        encoding, text = _encoded(notices[root.path], eol)
        return BodyChange(body=text + eol, header=_header_of_whole(mime, encoding))
    pieces: list[bytes] = []
    done = 0
    for part in mime.nodes:
        if part.path in notices and part.header_start >= done:
            pieces += [mime.body[done : part.header_start], _replacement(part, notices[part.path], eol)]
            done = part.end
    return BodyChange(body=b"".join([*pieces, mime.body[done:]]))


def _header_of_whole(mime: MimeMessage, encoding: str) -> dict[str, str]:
    header = {"Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": encoding}
    if mime.headers.first(b"mime-version") is None:
        header["MIME-Version"] = "1.0"
    return header | {name: "" for name in _OF_WHOLE if mime.headers.first(name.lower().encode()) is not None}


def _replacement(part: Part, notice: str, eol: bytes) -> bytes:
    encoding, text = _encoded(notice, eol)
    kept = b""
    if part.is_nested and not part.parent_type:
        # The header of the attached message itself, of which only the content is replaced.
        header = part.body[part.header_start : part.body_start].rstrip(b"\r\n")
        kept = _CONTENT_FIELD.sub(b"", header + eol).rstrip(b"\r\n")
        kept += eol if kept else b""
    fields = [b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: " + encoding.encode("ascii")]
    return kept + eol.join([*fields, b"", text])


def _encoded(notice: str, eol: bytes) -> tuple[str, bytes]:
    """Encoding and content without a line end behind it; no line of it can be taken for anything else."""
    lines = [line.translate(_CONTROLS).encode("utf-8", "replace") for line in notice.splitlines()]
    is_plain = all(
        line.isascii() and len(line) <= _MAX_LINE and not line.startswith((b"-", b"From ")) for line in lines
    )
    if is_plain:
        return "7bit", eol.join(lines)
    quoted = binascii.b2a_qp(b"\n".join(lines), istext=True)
    quoted = _LINE_START.sub(lambda found: b"=%02X" % found[0][0], quoted)
    return "quoted-printable", quoted.replace(b"\n", eol)
