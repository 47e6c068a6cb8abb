# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask ahead for what the evaluation of DMARC will need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dmarc.author import author_domains
from postward.authn.dmarc.tree_walk import names_to_ask, policy_name
from postward.dns.answer import RecordType

if TYPE_CHECKING:
    from postward.dns.resolver import Prefetch

MAX_PREFETCHED_DOMAINS = 2
"""Author domains of one field that are asked for ahead; nearly all mail has one."""


def prefetch_dmarc(from_value: bytes, prefetch: Prefetch) -> None:
    """Start the look-ups of the author domain's tree walk from one From field; never raises.

    All of them at once: who waits for one answer before the next question waits for the sum of them, and most of the
    upper names are in the cache.
    """
    for domain in author_domains((from_value,)).domains[:MAX_PREFETCHED_DOMAINS]:
        for name in names_to_ask(domain):
            prefetch(policy_name(name), RecordType.TXT)
