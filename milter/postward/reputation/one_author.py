# SPDX-License-Identifier: GPL-3.0-or-later
"""The address of the one author of a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.authn.dmarc import read_authors

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_BYTES = 500
_USUAL = re.compile(
    rb"[ \t]*+(?:(?:[A-Za-z0-9 '._-]*+|\"[A-Za-z0-9 '.,()_-]*+\"[ \t]*+)<([a-z0-9._+-]++@[a-z0-9.-]++)>"
    rb"|([a-z0-9._+-]++@[a-z0-9.-]++))[ \t]*+"
)
"""A name of plain words, in quotes or none, and an address in lower case: so are most, and can be read in no other
way."""


def the_author(from_values: Sequence[bytes]) -> str:
    """Give the address in From; "" where there is not exactly one for certain."""
    if len(from_values) == 1 and len(from_values[0]) <= _MAX_BYTES and (usual := _USUAL.fullmatch(from_values[0])):
        return (usual[1] or usual[2]).decode("ascii")
    authors = read_authors(from_values)
    return authors.mailboxes[0].address if len(authors.mailboxes) == 1 and authors.is_readable else ""
