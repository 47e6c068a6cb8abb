# SPDX-License-Identifier: GPL-3.0-or-later
"""What we say about a case, in the words in which peers are compared: a pass, no signature at all, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.verify import verify_signatures
from tests.differential.dkim_cases import NOW_S
from tests.signatures.message import read_message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.differential.dkim_cases import SignedCase

_COMPARED = frozenset({"pass", "none"})
"""Peers name failures differently, and some know only one."""


def our_words(case: SignedCase) -> list[str]:
    """One word a signature from the top down, or one for the chain."""
    headers, body = read_message(case.raw)
    if case.kind == "arc":
        return compared([validate_chain(headers, BodyDigests(body), case.lookup, ArcSettings(), NOW_S).status])
    results = verify_signatures(headers, BodyDigests(body), case.lookup, DkimSettings(), NOW_S)
    return compared(result.status for result in results)


def compared(words: Iterable[str]) -> list[str]:
    """Make one word of all that is neither of those."""
    return [str(word) if word in _COMPARED else "other" for word in words]
