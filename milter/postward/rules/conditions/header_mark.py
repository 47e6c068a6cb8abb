# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a header field is a mark of ours that nobody else can have made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding, shown
from postward.rules.conditions.leaf import Leaf
from postward.rules.header_mark import is_valid
from postward.rules.needs import Need

if TYPE_CHECKING:
    from postward.rules.conditions.base import Subject


class HeaderMarkCondition(Leaf):
    """Holds where one of the fields is valid, or, with ``wanted`` False, where none is."""

    needs = frozenset({Need.HEADERS})

    def __init__(self, name: str, *, wanted: bool) -> None:
        self._name = name
        self._wanted = wanted
        self._asked = f"header {name} has a {'valid' if wanted else 'missing or invalid'} mark"

    def test(self, subject: Subject) -> Finding:
        """Check every field of the name, a few at most."""
        message, secret = subject.message, subject.services.secret
        values = message.headers.get_all(self._name)[:10]
        found = any(is_valid(value, self._name, message.headers, secret, message.now_s) for value in values)
        return Finding(
            matched=found is self._wanted, asked=self._asked, seen=shown(", ".join(values)) if values else "nothing"
        )
