# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plain (unquoted) scalar means.

Stricter than YAML 1.1 where that surprises: ``0660`` is text and not 432, ``1:30`` is text and not 90,
``2026-01-01`` is text and not a date.  The booleans are those of YAML 1.1, which operators are used to.
"""

from __future__ import annotations

import re

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# The digits are bounded: a number of a million digits takes quadratic time to read.
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,18}(?:\.[0-9]{0,18}(?:[eE][-+]?[0-9]{1,3})?|[eE][-+]?[0-9]{1,3})")
_LONGEST_BOOLEAN = 5


def plain_value(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar."""
    if text in _NULLS:
        return None
    if len(text) <= _LONGEST_BOOLEAN and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
