# SPDX-License-Identifier: GPL-3.0-or-later
"""Canonicalisation written down once more, line by line from RFC 6376 section 3.4: slow, short, and independent."""

from __future__ import annotations

import re


def simple_body(body: bytes) -> bytes:
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def simple_field(name: bytes, value: bytes) -> bytes:
    return name + b":" + value + b"\r\n"


def relaxed_field(name: bytes, value: bytes) -> bytes:
    unfolded = value.replace(b"\r\n", b"")
    reduced = re.sub(rb"[ \t]+", b" ", unfolded)
    return name.lower().rstrip(b" \t") + b":" + reduced.strip(b" ") + b"\r\n"


BODIES = {"simple": simple_body, "relaxed": relaxed_body}
FIELDS = {"simple": simple_field, "relaxed": relaxed_field}
