# SPDX-License-Identifier: GPL-3.0-or-later
"""An event in logfmt: ``key=value`` pairs on one line, as journald and people like them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from postward.observability.escape import escape, shorten
from postward.observability.line import fitting_parts, head_fields

if TYPE_CHECKING:
    from postward.observability.event import Event, FieldValue, LineLimits

_PLAIN = re.compile(r"[!#-<>-\[\]-~]+")
"""Printable ASCII but for space, quote, equals sign and backslash."""
_NEEDS_QUOTES = frozenset(' "=\\')


def format_logfmt(event: Event, limits: LineLimits, *, timed: bool = True) -> str:
    """Return ``event`` as one line without a line feed, at most ``limits.max_line_bytes`` octets with it."""

    def encode(key: str, value: FieldValue) -> str:
        if isinstance(value, str):
            if len(value) <= limits.max_value_chars and _PLAIN.fullmatch(value):
                return f"{key}={value}"
        elif isinstance(value, float):
            return f"{key}={number(value)}"
        return f"{key}={quote(_plain(value, limits))}"

    fields = {**head_fields(event, timed=timed), **event.fields}
    line = " ".join([encode(key, value) for key, value in fields.items() if value is not None])
    if len(line.encode()) < limits.max_line_bytes:
        return line
    return " ".join(fitting_parts(event, encode, timed=timed, max_bytes=limits.max_line_bytes))


def quote(text: str) -> str:
    """Return ``text`` bare where that is safe, else in double quotes with everything unseen escaped."""
    if text and text.isprintable() and _NEEDS_QUOTES.isdisjoint(text):
        return text
    doubled = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escape(doubled)}"'


def number(value: float) -> str:
    """Return a number to three decimals, without needless zeros."""
    if isinstance(value, int):
        return str(value)
    return f"{value:.3f}".rstrip("0").rstrip(".") if math.isfinite(value) else str(value)


def _plain(value: FieldValue, limits: LineLimits) -> str:
    if isinstance(value, str):
        return shorten(value, limits.max_value_chars)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    if value is None:
        return ""
    return _joined(value, limits)


def _joined(members: Sequence[str] | Mapping[str, float], limits: LineLimits) -> str:
    if isinstance(members, Mapping):
        pairs = islice(members.items(), limits.max_items)
        texts = [f"{_member(key, limits)}:{number(amount)}" for key, amount in pairs]
    else:
        texts = [_member(text, limits) for text in islice(members, limits.max_items)]
    return ",".join(texts) + (",…" if len(members) > limits.max_items else "")


def _member(text: str, limits: LineLimits) -> str:
    """Return one member of a list; a comma inside it is spelt out, for commas part the members."""
    return shorten(text, limits.max_value_chars).replace(",", "\\x2c")
