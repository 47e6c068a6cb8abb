# SPDX-License-Identifier: GPL-3.0-or-later
"""DMARC (RFC 9989): who is the author, what does the author's domain ask for, and does an identifier stand for it.

The way through: ``author`` finds the Author Domain, ``tree_walk`` its records and organizational domain, ``policy``
the one that applies, ``alignment`` compares, ``evaluate`` puts it together; ``arc_override`` asks a trusted ARC chain.
Without a public suffix list.
"""

from __future__ import annotations

from postward.authn.dmarc.arc_override import arc_override
from postward.authn.dmarc.author import AuthorDomains, author_domains
from postward.authn.dmarc.author_addresses import Author, Authors, read_authors
from postward.authn.dmarc.evaluate import evaluate_dmarc
from postward.authn.dmarc.prefetch import prefetch_dmarc

__all__ = [
    "Author",
    "AuthorDomains",
    "Authors",
    "arc_override",
    "author_domains",
    "evaluate_dmarc",
    "prefetch_dmarc",
    "read_authors",
]
