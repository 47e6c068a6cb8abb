# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of our own: who writes it, and what keeps other programs from answering it (RFC 3834).

The header is written here and not by the library, which looks for encoded words in what is given to it as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from postward.mime.words import encode_words

_MAX_SUBJECT_CHARS = 250
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMailSettings:
    """Who writes."""

    mail_from: str
    host: str
    """This host's name, as in Message-ID."""


def own_mail(
    settings: OwnMailSettings,
    entity: bytes,
    *,
    to: str,
    subject: str,
    now_s: float,
    auto_submitted: str = "auto-generated",
) -> bytes:
    """Write a message, lines as CRLF; ``entity`` is its content, that of the Content fields first.

    ``to`` is one address that needs no quotes; the subject has nothing in it that cannot be printed.
    """
    fields = (
        b"From: Postward <" + settings.mail_from.encode("ascii") + b">",
        b"To: " + to.encode("utf-8"),
        b"Subject: " + encode_words(subject[:_MAX_SUBJECT_CHARS]),
        b"Date: " + formatdate(now_s, usegmt=True).encode("ascii"),
        b"Message-ID: " + make_msgid(domain=settings.host).encode("ascii"),
        # RFC 3834 section 5: whoever answers by itself must not answer this.
        b"Auto-Submitted: " + auto_submitted.encode("ascii"),
        b"X-Auto-Response-Suppress: All",
        b"MIME-Version: 1.0",
    )
    return b"".join(field + b"\r\n" for field in fields) + entity


def text_entity(words: str) -> bytes:
    """Plain text in UTF-8, with its Content fields, in seven bits."""
    part = MIMEPart(policy=_POLICY)
    part.set_content(words, charset="utf-8")
    return part.as_bytes()
