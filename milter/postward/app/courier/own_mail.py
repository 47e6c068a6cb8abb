"""Mail of our own: who writes it, and what keeps other programs from answering it (RFC 3834)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import MIMEPart

_MAX_SUBJECT_CHARS = 250
POLICY = SMTP.clone(cte_type="7bit")
_POLICY_UTF8 = POLICY.clone(utf8=True)
"""RFC 6532: an address that is not ASCII stands in the header as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMailSettings:
    """Who writes."""

    mail_from: str
    host: str
    """This host's name, as in Message-ID."""


def own_mail(settings: OwnMailSettings, *, to: str, subject: str, now_s: float) -> EmailMessage:
    """Begin a message; subject and text must have nothing in them that cannot be printed, but for line ends."""
    message = EmailMessage(policy=POLICY if to.isascii() else _POLICY_UTF8)
    message["From"] = f"Postward <{settings.mail_from}>"
    message["To"] = to
    message["Subject"] = subject[:_MAX_SUBJECT_CHARS]
    message["Date"] = formatdate(now_s, usegmt=True)
    message["Message-ID"] = make_msgid(domain=settings.host)
    # RFC 3834 section 5: whoever answers by itself must not answer this.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def octets(message: MIMEPart) -> bytes:
    """The message as it is sent, lines as CRLF."""
    return message.as_bytes()
