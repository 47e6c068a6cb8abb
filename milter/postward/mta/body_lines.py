# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a body can go through an MTA as it is."""

from __future__ import annotations

MAX_LINE_BYTES = 998
"""RFC 5322 section 2.1.1, without the line end; smtp(8) of Postfix breaks longer lines, and signatures with them."""


def line_fault(body: bytes) -> str:
    """What is wrong with its lines, in words; "" where nothing is."""
    ends = body.count(b"\r\n")
    if ends != body.count(b"\r") or ends != body.count(b"\n"):
        return "a line of the body does not end with CRLF"
    return f"a line of the body has more than {MAX_LINE_BYTES} octets" if _has_long_line(body) else ""


def _has_long_line(body: bytes) -> bool:
    """Jump from line end to line end, each time as far as only short lines can be passed over."""
    window, start = MAX_LINE_BYTES + len(b"\r\n"), 0
    while len(body) - start >= window:
        end = body.rfind(b"\n", start, start + window)
        if end < 0:
            return True
        start = end + 1
    return len(body) - start > MAX_LINE_BYTES and b"\n" not in body[start:]
