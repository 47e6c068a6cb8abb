# SPDX-License-Identifier: GPL-3.0-or-later
"""A message as bytes, and as the values that checks take."""

from __future__ import annotations

import re

from postward.dns.zone import ZoneLookup
from postward.model.body import Body
from postward.model.header import HeaderField, Headers


def read_message(raw: bytes) -> tuple[Headers, Body]:
    """Split a message with CRLF line ends."""
    head, _, content = (b"\r\n" + raw).partition(b"\r\n\r\n")
    fields = []
    for text in re.split(rb"\r\n(?![ \t])", head.removesuffix(b"\r\n"))[1:]:
        name, _, value = text.partition(b":")
        fields.append(HeaderField(name, value))
    return Headers(fields), Body(content)


def crlf(text: str) -> bytes:
    """Text with LF line ends as a message has it."""
    return text.encode("utf-8").replace(b"\n", b"\r\n")


def txt_zone(records: dict[str, list[str]]) -> dict[str, list[dict[str, str]]]:
    """These TXT records as a zone file has them."""
    return {name: [{"TXT": text} for text in texts] for name, texts in records.items()}


def zone_lookup(records: dict[str, list[str]]) -> ZoneLookup:
    """A look-up that knows these TXT records."""
    return ZoneLookup(txt_zone(records))
