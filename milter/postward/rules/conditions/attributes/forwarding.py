# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message was sent on by itself: by a rule of its reader's mail program, or by a forwarding mailbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.mime.flags import header_flags
from postward.rules.conditions.attribute import TruthAttribute
from postward.rules.conditions.attributes.header import HEADER
from postward.rules.needs import Need

if TYPE_CHECKING:
    from postward.rules.message.message import Message

# Sender Rewriting Scheme, and the same of others.
_REWRITTEN = re.compile(r"(?:srs[01][=+-]|prvs=|[^@]{1,200}\+caf_=)", re.ASCII | re.IGNORECASE)
_FROM_DOMAIN = next(attribute for attribute in HEADER if attribute.name == "from.domain")


def is_forwarded(message: Message) -> bool:
    """Whether mail of our own users is not theirs: there is no other mark of it outside of Exchange.

    The header says so or has fields of a resent message (RFC 5322 section 3.6.6), the envelope sender is a rewritten
    one, or the author is of a domain that is not ours.  An automatic answer is none of it.
    """
    flags = header_flags(message.headers.fields)
    if "auto_reply" in flags:
        return False
    if "auto_forward" in flags or "resent-from" in message.headers or _REWRITTEN.match(message.sender.text):
        return True
    return message.origin == "own" and _is_foreign(message)


def _is_foreign(message: Message) -> bool:
    """Whether no author is of a hosted domain, as far as the directory knows which those are."""
    domains = _FROM_DOMAIN.read(message)
    return bool(domains) and all(message.directory.is_hosted(domain) is False for domain in domains)


AUTO_FORWARD = TruthAttribute(
    name="auto_forward",
    read=is_forwarded,
    needs=frozenset({Need.HEADERS, Need.ENVELOPE, Need.DIRECTORY}),
)
