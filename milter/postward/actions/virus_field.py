# SPDX-License-Identifier: GPL-3.0-or-later
"""The X-Virus-Status field: what the virus scanner has said, for mail stores and users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.actions.field_text import folded, is_plain
from postward.model.action import AddHeader
from postward.model.scan_result import ScanStatus

if TYPE_CHECKING:
    from postward.model.scan_result import ScanResult
    from postward.model.transaction import Facts

FIELD_NAME = "X-Virus-Status"
SCANNER = "clamav"
"""Name of the check that looks for viruses."""
_MAX_NAMES = 3
_MAX_NAME_CHARACTERS = 100
_MAX_REASON_CHARACTERS = 200
_UNUSUAL = re.compile(r"[^A-Za-z0-9._:/+-]", re.ASCII)
"""In the name of a virus; signatures of others may be called anything."""


def virus_field(facts: Facts) -> AddHeader | None:
    """Give the field; None where no virus scanner is in use."""
    result = facts.scans.get(SCANNER)
    if result is not None:
        words = _words(result)
    elif SCANNER in facts.not_checked:
        # Why may have been told by others, in words that are not ours.
        words = _unchecked("the scanner could not be asked")
    else:
        return None
    return AddHeader(name=FIELD_NAME, value=folded(FIELD_NAME, words))


def _words(result: ScanResult) -> str:
    if result.status is ScanStatus.CLEAN:
        return "Clean"
    if result.status is ScanStatus.VIRUS:
        names = [_UNUSUAL.sub("_", name[:_MAX_NAME_CHARACTERS]) for name in result.viruses[:_MAX_NAMES]]
        return f"Infected ({', '.join(filter(None, names)) or 'unnamed'})"
    return _unchecked(result.reason)


def _unchecked(reason: str) -> str:
    is_fit = is_plain(reason) and not any(character in reason for character in "()\\")
    return f"Unchecked ({reason[:_MAX_REASON_CHARACTERS] if is_fit and reason else 'no reason known'})"
