# SPDX-License-Identifier: GPL-3.0-or-later
"""An event as one JSON object on one line, for log shippers; also how events are stored."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from postward.observability.escape import shorten, without_surrogates
from postward.observability.line import fitting_parts, head_fields

if TYPE_CHECKING:
    from postward.observability.event import Event, FieldValue, LineLimits

JsonValue = str | int | float | bool | None | list[str] | dict[str, "int | float | None"]
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def format_json(event: Event, limits: LineLimits, *, timed: bool = True) -> str:
    """Return ``event`` as one line without a line feed, at most ``limits.max_line_bytes`` octets with it."""

    def encode(key: str, value: FieldValue) -> str:
        return f'"{key}":{json_text(_value(value, limits))}'

    fields = {**head_fields(event, timed=timed), **event.fields}
    line = json_text({key: _value(value, limits) for key, value in fields.items() if value is not None})
    if len(line.encode()) < limits.max_line_bytes:
        return line
    return "{" + ",".join(fitting_parts(event, encode, timed=timed, max_bytes=limits.max_line_bytes - 2)) + "}"


def json_text(value: object) -> str:
    r"""Return JSON in which every character is printable: what is not stands as ``\uNNNN``.

    Plain JSON lets U+2028, bidirectional controls, DEL and lone surrogates pass, which break or disguise a line.
    """
    text = _ENCODER.encode(value)
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _u_escape(character) for character in text)


def _u_escape(character: str) -> str:
    """Return a character as JSON spells it: UTF-16 code units (RFC 8259 section 7)."""
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[index]:02x}{units[index + 1]:02x}" for index in range(0, len(units), 2))


def _value(value: FieldValue, limits: LineLimits) -> JsonValue:
    if isinstance(value, str):
        return _text(value, limits)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_text(key, limits): _number(amount) for key, amount in islice(value.items(), limits.max_items)}
    return [_text(text, limits) for text in islice(value, limits.max_items)]


def _text(text: str, limits: LineLimits) -> str:
    if text.isascii() and len(text) <= limits.max_value_chars:
        return text
    # Many readers refuse a lone surrogate, so a byte that was not UTF-8 is spelt out instead.
    return without_surrogates(shorten(text, limits.max_value_chars))


def _number(amount: float) -> float | None:
    """Return a number to three decimals; JSON has no infinity and no NaN."""
    return round(amount, 3) if math.isfinite(amount) else None
