# SPDX-License-Identifier: GPL-3.0-or-later
"""What libxml2 before 2.14 would lose, or need too long for; newer ones read as the HTML Standard says."""

from __future__ import annotations

import re

from postward.mime.html.tag_bounds import bound_tags

OPENING = b"<html>"
"""Comes first: where no element is open, the end of one ends the document, and all behind it is lost."""
# These ends mean nothing (HTML Standard 13.2.6.4.19).  A name ends where the parser's does.
_LAST_ENDS = re.compile(r"</(?:body|html)(?![A-Za-z0-9:_.-])[^>]*+>?", re.IGNORECASE | re.ASCII)
_COMMENT = re.compile(r"<!--(?:(-?>)|(?:[^-]++|-(?!->))*+)")
_EMPTY_COMMENTS = ("<!-->", "<!--->")


def made_ready(source: str) -> str | None:
    """A document that it reads as newer ones read the source; None where that would take too long."""
    # A blank, so that what stands before and behind becomes no new mark.
    source = _LAST_ENDS.sub(" ", source)
    if any(comment in source for comment in _EMPTY_COMMENTS):
        source = _COMMENT.sub(_closed, source)
    return bound_tags(source)


def _closed(comment: re.Match[str]) -> str:
    """They are whole, and not the beginning of a longer one (HTML Standard 13.2.5.43)."""
    return comment[0] if comment[1] is None else " "
