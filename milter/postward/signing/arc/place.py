# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the next set stands in the chain of a message, or why there is to be none (RFC 8617 section 5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.arc.hop import MESSAGE_SIGNATURE, RESULTS, SEAL
from postward.authn.arc.settings import MAX_SETS
from postward.errors import PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.arc import ArcResult, ArcStatus
    from postward.model.header import Headers

# Tolerant, for a chain that is not whole has to be read too; possessive, so that each octet is looked at once.
_INSTANCE = re.compile(rb"(?:\A|;)[ \t\r\n]*+i[ \t\r\n]*+=[ \t\r\n]*+([0-9]{1,2}+)(?![0-9])")
_FAILED = re.compile(rb"(?:\A|;)[ \t\r\n]*+cv[ \t\r\n]*+=[ \t\r\n]*+fail(?![a-z])", re.IGNORECASE)


class NotSealable(PermanentFailure):
    """The message gets no set; never leaves this package."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the set to be made says of the chain below it."""

    instance: int
    """i=, from 1 to 50."""
    status: ArcStatus
    """cv=."""


def find_place(headers: Headers, arc: ArcResult | None) -> Place:
    """Place of the next set in ``headers``; raises NotSealable.

    ``arc`` is what the validation of the message found as it came; None where it was not validated.
    """
    if arc is None:
        raise NotSealable("the chain was not validated")
    # cv=fail is for ever, and a DNS failure may be over at the next hop: nothing is said of such a chain.
    if arc.temporary:
        raise NotSealable("the chain could not be validated for now")
    # RFC 8617 section 5.1 step 2: nothing is added to a chain that was found broken before.
    if _newest_seal_says_fail(headers):
        raise NotSealable("the newest ARC-Seal says cv=fail")
    # Step 3: one more than the highest instance found.
    found = [instance for name in (SEAL, MESSAGE_SIGNATURE, RESULTS) for instance, _ in _instances(headers, name)]
    instance = 1 + max(found, default=0)
    # RFC 8617 section 4.2.1: no instance is above 50.
    if instance > MAX_SETS:
        raise NotSealable(f"the chain has {MAX_SETS} sets, and none may have more")
    return Place(instance=instance, status=arc.status)


def _newest_seal_says_fail(headers: Headers) -> bool:
    seals = list(_instances(headers, SEAL))
    newest = max((instance for instance, _ in seals), default=0)
    return any(instance == newest and _FAILED.search(value) for instance, value in seals)


def _instances(headers: Headers, name: bytes) -> Iterator[tuple[int, bytes]]:
    """Instance and value of the fields ``name`` that have a valid instance."""
    for field in headers.all(name):
        found = _INSTANCE.search(field.value)
        if found and 1 <= int(found[1]) <= MAX_SETS:
            yield int(found[1]), field.value
