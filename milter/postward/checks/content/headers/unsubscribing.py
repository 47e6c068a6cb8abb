# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk mail and the way out of it (RFC 2369, RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_BULK = frozenset({b"bulk", b"junk"})
_CAMPAIGNS = (b"x-campaign", b"x-campaign-id", b"x-campaignid", b"x-mailing-id", b"x-mailingid", b"x-bulk-id")
# Programs that answer by themselves call their answers bulk too, so that nobody answers them.
_AUTOMATIC = (
    b"auto-submitted",
    b"x-autoreply",
    b"x-autorespond",
    b"x-auto-response-suppress",
    b"in-reply-to",
)
_OF_LISTS = ("-owner", "-bounce", "-bounces", "-admin", "-request")

MISSING = SymbolDefinition(
    name="BULK_WITHOUT_UNSUBSCRIBE",
    score=0.2,
    group="bulk",
    meaning="the message calls itself bulk mail and offers no way to unsubscribe",
)
ONE_CLICK = SymbolDefinition(
    name="UNSUBSCRIBE_ONE_CLICK_FALSE",
    score=0.3,
    group="bulk",
    meaning="the message promises to unsubscribe by one click, and gives no https address for it",
)
UNREADABLE = SymbolDefinition(
    name="UNSUBSCRIBE_UNREADABLE",
    score=0.3,
    group="bulk",
    meaning="the List-Unsubscribe field holds no address that a program could use",
)


def _find(letter: Letter) -> Iterator[Finding]:
    field = letter.headers.first(b"list-unsubscribe")
    if field is None:
        if mark := _bulk_mark(letter):
            yield Finding(MISSING.name, shown(mark))
        return
    value = field.value.lower()
    if b"<http" not in value and b"<mailto:" not in value:
        yield Finding(UNREADABLE.name, shown(field.value.strip()))
    elif b"<https:" not in b"".join(value.split()) and letter.headers.first(b"list-unsubscribe-post") is not None:
        yield Finding(ONE_CLICK.name)


def _bulk_mark(letter: Letter) -> bytes:
    headers = letter.headers
    precedence = headers.first(b"precedence")
    mark = b""
    if precedence is not None and precedence.value.strip().lower() in _BULK:
        mark = b"Precedence"
    elif headers.has_any(_CAMPAIGNS):
        mark = next(key for key in _CAMPAIGNS if headers.first(key) is not None)
    if not mark or letter.headers.has_any(_AUTOMATIC) or _is_of_list(letter):
        return b""
    return mark


def _is_of_list(letter: Letter) -> bool:
    """Tell it by the sender as well, for lists of old write no field; bounces have none."""
    local = letter.sender.local_part.lower()
    return letter.sender.is_null or local.startswith("owner-") or local.endswith(_OF_LISTS) or is_list_mail(letter)


CHECK = ContentCheck(name="unsubscribing", symbols=(MISSING, ONE_CLICK, UNREADABLE), find=_find)
