# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a name exists at all (RFC 8020), which DMARC's ``np`` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns.answer import Outcome, RecordType

if TYPE_CHECKING:
    from postward.dns.resolver import Lookup


def exists(lookup: Lookup, name: str) -> bool | None:
    """Tell whether ``name`` exists in DNS, with whatever record; None where nobody could say.

    Only NXDOMAIN of the name itself is "does not exist" (RFC 9989 section 3.2.13): a name without an address, an empty
    non-terminal and a CNAME that leads nowhere do exist.
    """
    answer = lookup(name, RecordType.A)
    if answer.outcome is Outcome.NXDOMAIN:
        # RFC 6604 section 3: after a CNAME, the code is about the end of the chain, so the name itself is asked for.
        answer = lookup(name, RecordType.CNAME)
    return None if answer.failed else answer.outcome is not Outcome.NXDOMAIN
