# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``reputation``: what is known of those who send."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.path import FilePath, parse_directory
from postward.config.schema.section import Section, key, section

OptionalFile = Annotated[
    FilePath | None, PlainValidator(lambda value: None if value is None else parse_directory(value))
]


class CorrespondentsSection(Section):
    """People whom our own users write to become trusted for those users."""

    enabled: bool = key(
        "Remember for 90 days who has written to whom, and trust the answers where DMARC, or SPF or DKIM, say who"
        " wrote them.",
        default=True,
    )


class ReputationSection(Section):
    """Remember what senders have sent, and have that count (docs/reputation.md); does nothing without Redis."""

    enabled: bool = key("Remember it, and have it count.", default=True)
    asn_table: OptionalFile = key(
        "File that says which networks are of which autonomous system, as iptoasn.com and CAIDA (pfx2as) have it, plain"
        " or packed by gzip; null does without.  It is read at each reload.",
        default=None,
    )
    max_bonus: float = key(
        "Points that a good reputation takes off the score at most; 0 has it count for nothing.",
        default=2.0,
        least=0,
        most=1_000,
    )
    max_penalty: float | None = key(
        "Points that a bad reputation adds to the score at most; 0 has it count for nothing.  null is 4, or less where"
        " that alone would be junk.",
        default=None,
        least=0,
        most=1_000,
    )
    correspondents: CorrespondentsSection = section(CorrespondentsSection)
