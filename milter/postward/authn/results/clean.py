# SPDX-License-Identifier: GPL-3.0-or-later
"""Make text from outside fit to stand in a header field, so that no reader can take it for a result.

Readers include filters that search the whole field for ``dkim=pass`` or split it at every semicolon, so text that only
the grammar keeps apart from a result is not enough: ``=pass`` is never written but where it is a result.
"""

from __future__ import annotations

import re

MAX_VALUE_BYTES = 320
"""Longest property value: a mail address (RFC 5321 section 4.5.3.1).  A longer one is left out."""
MAX_TEXT_CHARACTERS = 200
"""Longest comment or reason; the rest is cut."""

_PASS_LIKE = re.compile(r"=(?=\s*+pass)", re.IGNORECASE)
_FOR_COMMENTS = str.maketrans({"(": "[", ")": "]", "\\": "/", '"': "'", ";": ","})


def clean_value(text: str, *, smtputf8: bool = False) -> str | None:
    """Give a property value without control characters, nor beyond ASCII unless ``smtputf8``; None if too long."""
    value = _printable(text, smtputf8=smtputf8)
    return value if len(value.encode()) <= MAX_VALUE_BYTES else None


def clean_text(text: str, *, smtputf8: bool = False) -> str:
    """Give the text of a comment or reason: nothing that needs quoting, which many readers get wrong."""
    if not text:
        return ""
    words = " ".join(text[: 2 * MAX_TEXT_CHARACTERS].split())
    text = _printable(words, smtputf8=smtputf8).translate(_FOR_COMMENTS)
    return text if len(text) <= MAX_TEXT_CHARACTERS else text[: MAX_TEXT_CHARACTERS - 3] + "..."


def _printable(text: str, *, smtputf8: bool) -> str:
    if not text.isprintable() or not (smtputf8 or text.isascii()):
        text = "".join(char if char.isprintable() and (smtputf8 or char.isascii()) else "?" for char in text)
    return _PASS_LIKE.sub(":", text) if "=" in text else text
