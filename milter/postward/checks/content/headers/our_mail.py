# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message comes from a client that our own domain calls its own: a device or a script of ours outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.spf import SpfStatus

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter


def is_our_mail(letter: Letter) -> bool:
    """SPF passes for the envelope sender, and that domain and the author's are of the recipients' (RFC 7208)."""
    spf, own = letter.facts.spf, letter.own_domains
    return (
        spf is not None
        and spf.status is SpfStatus.PASS
        and letter.organizational(letter.sender.domain.lower()) in own
        and letter.organizational(letter.author_domain) in own
    )
