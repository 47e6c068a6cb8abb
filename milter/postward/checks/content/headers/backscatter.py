# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounces of mail that was never ours, and the null sender for what is no bounce (RFC 3464, RFC 3834)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_MAX_BYTES = 32_768
_FIELD = re.compile(
    rb"^(message-id|received|dkim-signature|x-postward-[a-z-]{1,40})[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_AUTOMATIC = (b"auto-submitted", b"x-autoreply", b"x-autorespond", b"x-auto-response-suppress", b"x-failed-recipients")
_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "no-reply", "noreply", "do-not-reply", "bounce")

BOUNCE = SymbolDefinition(
    name="BOUNCE_OF_OTHERS",
    score=0.5,
    group="sender",
    meaning="this is a bounce of a message that did not come from us",
)
NOT_A_BOUNCE = SymbolDefinition(
    name="NULL_SENDER_NO_BOUNCE",
    score=0.3,
    group="sender",
    meaning="the message has the sender of bounces, and is no bounce and no automatic answer",
)


def _find(letter: Letter) -> Iterator[Finding]:
    if not letter.sender.is_null:
        return
    content_type = letter.field(b"content-type") or b""
    if content_type[:17].lower().startswith(b"multipart/report"):
        yield from _bounce(letter, content_type.lower())
    elif not _is_automatic(letter):
        yield Finding(NOT_A_BOUNCE.name, shown(letter.authors[0].address) if letter.authors else "")


def _bounce(letter: Letter, content_type: bytes) -> Iterator[Finding]:
    if b"delivery-status" not in content_type:
        return
    header = next((part.raw[:_MAX_BYTES] for part in letter.parts if part.content_type in _RETURNED), b"")
    header = _header_of(header)
    # Without such fields nobody can say whose message it was.
    if not _FIELD.search(header):
        return
    own = letter.own_domains
    text = header.lower()
    if own and not any(_passed(text, domain.encode("ascii")) for domain in own):
        yield Finding(BOUNCE.name)


def _header_of(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")[0]


def _passed(header: bytes, domain: bytes) -> bool:
    """Tell whether our host, our signature or our Message-ID is in it; From and Return-Path are what is forged."""
    unfolded = header.replace(b"\n ", b" ").replace(b"\n\t", b" ")
    return any(domain in line for line in unfolded.split(b"\n") if _FIELD.match(line))


def _is_automatic(letter: Letter) -> bool:
    if letter.headers.has_any(_AUTOMATIC):
        return True
    author = letter.authors[0].address.lower() if letter.authors else ""
    precedence = letter.field(b"precedence") or b""
    return author.startswith(_DAEMONS) or "daemon" in author or precedence.lower() in {b"bulk", b"auto_reply", b"junk"}


CHECK = ContentCheck(name="backscatter", symbols=(BOUNCE, NOT_A_BOUNCE), find=_find)
