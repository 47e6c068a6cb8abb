# SPDX-License-Identifier: GPL-3.0-or-later
"""ARC-Authentication-Results (RFC 8617 section 4.1.1): i= comes first, the rest belongs to RFC 8601."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.signatures.sealer import Hop, seal
from tests.suites.arc.case import BASE, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES = {
    "no-space": ("i=1;sealer.example;none", "pass"),
    "spaces": ("  i = 1 ; sealer.example; none", "pass"),
    "folded": ("\r\n i=1;\r\n\tsealer.example;\r\n\tspf=pass smtp.mailfrom=example.org", "pass"),
    "comment-first": (" (one (nested) \\) two) i=1; sealer.example; none", "pass"),
    "comment-inside": (" i=(;)1(number); sealer.example; none", "pass"),
    "results-empty": (" i=1;", "pass"),
    "results-odd": (" i=1; ;;; \x22unclosed; spf=(", "pass"),
    "results-8-bit": (" i=1; sealer.example; spf=pass smtp.mailfrom=gr\u00fc\u00dfe@example.org", "pass"),
    "empty": ("", "fail"),
    "missing": (" sealer.example; none", "fail"),
    "not-first": (" sealer.example; i=1; none", "fail"),
    "upper-case": (" I=1; sealer.example; none", "fail"),
    "no-number": (" i=; sealer.example; none", "fail"),
    "no-semicolon": (" i=1 sealer.example; none", "fail"),
    "zero": (" i=0; sealer.example; none", "fail"),
    "other-number": (" i=2; sealer.example; none", "fail"),
    "word": (" i=one; sealer.example; none", "fail"),
    "behind-zero": (" i=1x; sealer.example; none", "fail"),
    "comment-unclosed": (" (i=1; sealer.example; none", "fail"),
}


def cases() -> Iterator[Case]:
    for name, (value, expect) in VALUES.items():
        raw = seal(BASE, Hop(instance=1, results=value))
        yield Case(id=f"aar-{name}", section="4.1.1", expect=expect, raw=raw)
