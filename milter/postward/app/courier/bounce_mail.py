# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell a sender of ours that a held message was not delivered (RFC 3464, RFC 6522)."""

from __future__ import annotations

import re
import secrets
from email.utils import formatdate
from typing import TYPE_CHECKING

from postward.app.courier.own_mail import own_mail, text_entity
from postward.app.courier.preview import shown_address, shown_addresses, shown_subject
from postward.observability.escape import escape, shorten

if TYPE_CHECKING:
    from postward.app.courier.own_mail import OwnMailSettings
    from postward.spool.kept_message import KeptMessage

_MAX_HEADER_OCTETS = 32 * 1024
_MAX_TOLD_RECIPIENTS = 100
_MAX_EXPLANATION_CHARS = 1_000
_OWN_FIELD = re.compile(rb"^x-postward-[^\r\n]*+\r\n(?:[ \t][^\r\n]*+\r\n)*+", re.IGNORECASE | re.MULTILINE)
REFUSED, EXPIRED = "5.7.1", "5.4.7"
"""RFC 3463: delivery not authorized; delivery time expired."""


def bounce_mail(message: KeptMessage, content: bytes, settings: OwnMailSettings, *, status: str, now_s: float) -> bytes:
    """Write the notice; ``status`` is the enhanced status code, ``REFUSED`` or ``EXPIRED``."""
    subject = shown_subject(message.subject)
    boundary = f"=_{secrets.token_hex(16)}"
    parts = (
        text_entity(_words(message, subject, status)),
        b"Content-Type: message/delivery-status\r\n\r\n" + _status(message, settings.host, status),
        b"Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + _header(content),
    )
    head = f'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="{boundary}"\r\n\r\n'
    mark = b"--" + boundary.encode("ascii")
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return own_mail(
        settings,
        head.encode("ascii") + body,
        to=message.sender,
        subject=f"Undelivered: {subject}",
        now_s=now_s,
        # RFC 3834 section 5: a delivery report answers a message.
        auto_submitted="auto-replied",
    )


def _words(message: KeptMessage, subject: str, status: str) -> str:
    held = message.moderation
    what = "nobody has let it go in time" if status == EXPIRED else "a moderator has decided against it"
    explanation = shorten(held.explanation if held else "", _MAX_EXPLANATION_CHARS)
    lines = [
        "Your message has not been delivered: it was held to be looked at, and",
        f"{what}.",
        "",
        f"  Subject:     {subject}",
        f"  Recipients:  {shown_addresses(message.recipients)}",
    ]
    if explanation:
        lines += ["", "The moderator says:", "", *(f"  {escape(line)}" for line in explanation.splitlines())]
    return "\n".join([*lines, ""])


def _status(message: KeptMessage, host: str, status: str) -> bytes:
    groups = [[f"Reporting-MTA: dns; {host}", f"Arrival-Date: {formatdate(message.time_s, usegmt=True)}"]]
    for recipient in message.recipients[:_MAX_TOLD_RECIPIENTS]:
        kind = "rfc822" if recipient.isascii() else "utf-8"
        groups.append([f"Final-Recipient: {kind}; {_as_text(recipient)}", "Action: failed", f"Status: {status}"])
    return "\r\n".join("".join(f"{line}\r\n" for line in group) for group in groups).encode("ascii")


def _as_text(address: str) -> str:
    r"""RFC 6533 section 3: what is not printable ASCII as ``\x{HEX}``."""
    shown = shown_address(address) if not address.isprintable() else address
    return "".join(each if "!" <= each <= "~" and each != "\\" else f"\\x{{{ord(each):X}}}" for each in shown)


def _header(content: bytes) -> bytes:
    """The beginning of the header of the message, as whole lines; without our own fields, which are nobody's business.

    A mark or the token of a route, once somebody has it, could be put on another message.
    """
    header = (content.partition(b"\r\n\r\n")[0] + b"\r\n")[:_MAX_HEADER_OCTETS]
    return _OWN_FIELD.sub(b"", b"".join(header.rpartition(b"\r\n")[:2]))
