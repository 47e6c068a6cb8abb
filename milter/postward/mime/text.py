"""What a reader sees as the text of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.mime.message import MimeMessage
    from postward.mime.part import Part

_NOT_SHOWN = frozenset({"text/rfc822-headers", "text/calendar", "text/x-amp-html", "text/watch-html"})
_SOURCE_FACTOR = 4


def body_text(mime: MimeMessage, limit: int) -> str:
    """Text of all plain and HTML bodies, no attachments, ``limit`` characters at most, runs of white space as a blank.

    Of alternatives all are given, for no two readers choose the same.
    """
    found: list[str] = []
    left = limit
    for part in mime.parts:
        if left <= 0:
            break
        if _is_shown(part):
            # White space is dropped, so a text that begins with much of it is read further.
            text = " ".join(part.text(left * _SOURCE_FACTOR).split())[:left]
            if text:
                found.append(text)
                left -= len(text) + 1
    return " ".join(found)


def _is_shown(part: Part) -> bool:
    return part.is_body and part.content_type not in _NOT_SHOWN
