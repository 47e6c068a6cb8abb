# SPDX-License-Identifier: GPL-3.0-or-later
"""Threats that an account will be closed unless the reader confirms who he is: what phishing says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body.link_pieces import own_domains
from postward.checks.content.content_check import ContentCheck
from postward.checks.content.proven_author import is_author_proven
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_PHRASES = Phrases(
    "account suspended", "account suspension", "account deactivated", "account termination", "been suspended",
    "been limited", "been locked", "been restricted", "temporarily suspended", "be suspended", "be deactivated",
    "be terminated", "be locked", "avoid suspension", "avoid termination", "avoid interruption", "avoid deactivation",
    "unusual activity", "unusual sign", "suspicious activity", "suspicious login", "unauthorized access", "verify your",
    "confirm your", "validate your", "reactivate your", "upgrade your", "restore your", "password expires",
    "password expire", "password expiration", "password expiry", "current password", "same password", "keep password",
    "mailbox full", "mailbox storage", "storage limit", "storage quota", "mailbox quota", "quota exceeded",
    "quota limit", "pending messages", "messages pending", "undelivered messages", "undelivered emails",
    "incoming messages", "incoming emails", "held messages", "email administrator", "mail administrator",
    "within 24", "within 48", "konto gesperrt", "konto eingeschränkt", "compte suspendu",
    "cuenta suspendida", "conto sospeso",
)  # fmt: skip
_ENOUGH = 3
_THREAT = SymbolDefinition(
    name="TEXT_ACCOUNT_THREAT",
    score=0.5,
    group="body",
    meaning="it threatens to close an account unless the reader does something",
)


def _find(letter: Letter) -> Iterator[Finding]:
    count = _PHRASES.count(letter.wording)
    if count >= _ENOUGH and letter.anchors and not _is_from_the_site(letter):
        yield Finding(_THREAT.name, f"{count} phrases")


def _is_from_the_site(letter: Letter) -> bool:
    """Tell whether the author is who he says, and leads the reader to his own site."""
    if not is_author_proven(letter):
        return False
    own = own_domains(letter)
    return any(letter.organizational(host) in own for host in letter.anchor_hosts)


CHECK = ContentCheck(name="account_threat", symbols=(_THREAT,), find=_find)
