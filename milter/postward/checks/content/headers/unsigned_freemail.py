# SPDX-License-Identifier: GPL-3.0-or-later
"""The address of a large provider on mail which that provider has not signed, or sent on behalf of another domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.freemail import FREEMAIL, SIGNING
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcStatus
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.model.dkim import DkimResult

UNSIGNED = SymbolDefinition(
    name="FREEMAIL_NOT_SIGNED",
    score=0.5,
    group="sender",
    meaning="the author's address is of a provider that signs all its mail, and this bears no signature of it",
)
ENVELOPE = SymbolDefinition(
    name="SENT_BY_FREEMAIL",
    score=0.3,
    group="sender",
    meaning="the message was sent from a free mailbox in the name of another domain",
)


def _find(letter: Letter) -> Iterator[Finding]:
    domain = letter.author_domain
    if not domain or is_list_mail(letter):
        return
    if domain in SIGNING:
        if not _is_signed(letter, domain):
            yield Finding(UNSIGNED.name, shown(domain))
    # People who write from their own domain through such a mailbox are named as Sender, or the domain's DMARC knows.
    elif letter.sender.domain.lower() in FREEMAIL and domain not in FREEMAIL and not _is_permitted(letter):
        yield Finding(ENVELOPE.name, shown(letter.sender.text))


def _is_signed(letter: Letter, domain: str) -> bool:
    """Tell whether a signature of the provider is there, or may be: one that a forwarder broke counts as well."""
    signatures = letter.facts.dkim
    if signatures is None:
        return True
    return any(_is_of(signature, letter.organizational(domain), letter) for signature in signatures)


def _is_of(signature: DkimResult, domain: str, letter: Letter) -> bool:
    return signature.status is not DkimStatus.NONE and letter.organizational(signature.domain) == domain


def _is_permitted(letter: Letter) -> bool:
    dmarc = letter.facts.dmarc
    return letter.headers.first(b"sender") is not None or (dmarc is not None and dmarc.status is DmarcStatus.PASS)


CHECK = ContentCheck(name="unsigned_freemail", symbols=(UNSIGNED, ENVELOPE), find=_find)
