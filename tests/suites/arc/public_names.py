# SPDX-License-Identifier: GPL-3.0-or-later
"""The table in README.md: which case of the public suite is which of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parent / "README.md"

ENDED = "ended"
"""The public suite expects "" where the newest or an older seal says cv=fail; RFC 8617 section 5.2 calls it fail."""

EARLIER_EXPECTATIONS = {
    "ams_fields_a_sha1": "pass",
    "as_fields_a_sha1": "pass",
    "as_fields_t_na": "fail",
    "ams_fields_c_na": "fail",
}
"""What earlier editions of the public suite expect; the last edition expects the opposite in each."""

_ROW = re.compile(r"\| `(?P<name>\w+)` \| (?P<expect>\w+) \| `(?P<id>[\w-]+)` \|")


@dataclass(frozen=True, slots=True)
class PublicCase:
    """One row of the table."""

    name: str
    """Of the case in the public suite."""
    expect: str
    """What the last edition of the public suite expects: pass, fail, none, or ``ENDED``."""
    id: str
    """Of our case with the same construction."""

    @property
    def status(self) -> str:
        """The status that RFC 8617 gives the chain."""
        return "fail" if self.expect == ENDED else self.expect


def public_cases() -> list[PublicCase]:
    """All rows of the table."""
    lines = README.read_text(encoding="utf-8").splitlines()
    rows = [row for line in lines if (row := _ROW.fullmatch(line))]
    return [PublicCase(row["name"], row["expect"], row["id"]) for row in rows]
