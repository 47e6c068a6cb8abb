# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader sees as the text of a message."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.mime.blanks import with_single_blanks
from postward.mime.part import source_limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.mime.message import MimeMessage
    from postward.mime.part import Part

_NOTHING_READ: Mapping[str, str] = MappingProxyType({})
_NOT_SHOWN = frozenset({"text/rfc822-headers", "text/calendar", "text/x-amp-html", "text/watch-html"})


def body_text(mime: MimeMessage, limit: int, read: Mapping[str, str] = _NOTHING_READ) -> str:
    """Text of all plain and HTML bodies, no attachments, ``limit`` characters at most, runs of white space as a blank.

    Of alternatives all are given, for no two readers choose the same.  ``read`` is the text of parts that has been read
    already, by their path, with its runs of white space as a blank.
    """
    found: list[str] = []
    left, source_left = limit, source_limit(limit)
    for part in filter(_is_shown, mime.parts):
        if left <= 0 or source_left <= 0:
            break
        # White space is dropped, so as much is read as there may be.
        text = read.get(part.path)
        if text is None:
            text = with_single_blanks(part.text(source_left, source_left))
        text = text[:left]
        source_left -= part.end - part.body_start
        if text:
            found.append(text)
            left -= len(text) + 1
    return " ".join(found)


def _is_shown(part: Part) -> bool:
    return part.is_body and part.content_type not in _NOT_SHOWN
