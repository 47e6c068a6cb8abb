# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the author's domain is authenticated, also where it publishes no DMARC record (RFC 7489 section 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcStatus
from postward.model.spf import SpfStatus

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter


def is_author_proven(letter: Letter) -> bool:
    """DMARC passes, or a signature or the envelope sender that SPF confirms is of the author's organisation."""
    dmarc = letter.facts.dmarc
    if dmarc is not None and dmarc.status is DmarcStatus.PASS:
        return True
    # One From field with one author; where DMARC fails the owner of the domain has said that this is not enough.
    if dmarc is None or dmarc.status is not DmarcStatus.NONE or len(letter.authors) != 1:
        return False
    own = letter.organizational(letter.author_domain)
    return bool(own) and (_is_signed_by(letter, own) or _is_sent_by(letter, own))


def _is_signed_by(letter: Letter, own: str) -> bool:
    return any(
        signature.status is DkimStatus.PASS
        and not signature.unsigned_bytes
        and letter.organizational(signature.domain) == own
        for signature in letter.facts.dkim or ()
    )


def _is_sent_by(letter: Letter, own: str) -> bool:
    spf = letter.facts.spf
    return (
        spf is not None and spf.status is SpfStatus.PASS and letter.organizational(letter.sender.domain.lower()) == own
    )
