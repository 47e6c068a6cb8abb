# SPDX-License-Identifier: GPL-3.0-or-later
"""What kind of message this is, for rules: a set of words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mime.message import MimeMessage
    from postward.mime.part import Part
    from postward.model.header import Headers

HEADER_FLAGS = frozenset({
    "auto_generated", "auto_reply", "auto_forward", "list", "bulk", "bounce", "read_receipt", "receipt_requested",
})  # fmt: skip
"""What the header alone can tell, though the body may tell more."""
FLAGS = HEADER_FLAGS | {"signed", "encrypted", "calendar", "voicemail", "uninspectable"}
"""All there are."""
ARCHIVE_DEPTH = 3
"""Archives within archives that are looked into for ``uninspectable``."""

_TOKEN = re.compile(rb"[\s\"]*+([A-Za-z0-9_-]*+)")
_AUTO_REPLY_FIELDS = (b"x-autoreply", b"x-autorespond", b"x-autoresponder", b"x-autoreply-from", b"x-mail-autoreply")
_AUTO_FORWARD_FIELDS = (
    b"x-ms-exchange-inbox-rules-loop",
    b"x-forwarded-for",
    b"x-forwarded-to",
    b"x-ms-exchange-forwardingloop",
)
_LIST_FIELDS = (b"list-id", b"list-post", b"mailing-list", b"x-mailing-list")
_BULK_FIELDS = (b"list-unsubscribe", b"feedback-id", b"x-csa-complaints", b"x-campaign-id", b"x-mailgun-batch-id")
_REPORTS = {
    "delivery-status": "bounce", "disposition-notification": "read_receipt", "message/delivery-status": "bounce",
    "message/global-delivery-status": "bounce", "message/disposition-notification": "read_receipt",
    "message/global-disposition-notification": "read_receipt",
}  # fmt: skip
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_RIGHTS = frozenset({"application/x-microsoft-rpmsg-message"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
# ContentInfo of CMS, RFC 5652 section 3: the object identifier within its first octets.
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SIGNED_DATA = 2
_ENVELOPED = frozenset({3, 4})
_AUTH_ENVELOPED = bytes.fromhex("2a864886f70d010910010117")
_PEEK_BYTES = 65_536
_PGP_SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
_PGP_MESSAGE = b"-----BEGIN PGP MESSAGE-----"


def header_flags(headers: Headers) -> frozenset[str]:
    """Say what the header tells without the body."""
    return frozenset(_of_header(headers))


def flags_of(headers: Headers, mime: MimeMessage) -> frozenset[str]:
    """Say what header and parts tell; archives are looked into for ``uninspectable``."""
    found = {*_of_header(headers)}
    for part in mime.nodes:
        if not part.is_nested:
            found.update(_of_part(part))
    if mime.problems or any(map(_is_closed, mime.parts)):
        found.add("uninspectable")
    return frozenset(found)


def _is_closed(part: Part) -> bool:
    return part.is_attachment and bool(part.archive(ARCHIVE_DEPTH).problem)


def _of_header(headers: Headers) -> Iterator[str]:
    yield from _of_automaton(headers)
    precedence = _token(headers, b"precedence")
    if _has_any(headers, _LIST_FIELDS) or precedence == "list":
        yield "list"
    if _has_any(headers, _BULK_FIELDS) or precedence in {"bulk", "junk"}:
        yield "bulk"
    if _has_any(headers, (b"disposition-notification-to", b"x-confirm-reading-to", b"return-receipt-to")):
        yield "receipt_requested"
    if _has_any(headers, (b"x-failed-recipients",)):
        yield "bounce"
    # Outlook's receipts in TNEF, and messages of telephone systems.
    content_class = headers.first(b"content-class")
    if content_class is not None and b"voice" in content_class.value.lower():
        yield "voicemail"


def _of_automaton(headers: Headers) -> Iterator[str]:
    submitted = _token(headers, b"auto-submitted")
    is_answer = submitted == "auto-replied" or _token(headers, b"precedence") == "auto_reply"
    is_reply = is_answer or _has_any(headers, _AUTO_REPLY_FIELDS)
    if is_reply:
        yield "auto_reply"
    if is_reply or submitted not in {"", "no"}:
        yield "auto_generated"
    if submitted == "auto-forwarded" or _has_any(headers, _AUTO_FORWARD_FIELDS):
        yield "auto_forward"


def _has_any(headers: Headers, keys: tuple[bytes, ...]) -> bool:
    return any(headers.indexes(key) for key in keys)


def _token(headers: Headers, key: bytes) -> str:
    field = headers.first(key)
    match = _TOKEN.match(field.value) if field is not None else None
    return match[1].decode("ascii").lower() if match is not None else ""


def _of_part(part: Part) -> Iterator[str]:
    content_type = part.content_type
    if content_type in _REPORTS:
        yield _REPORTS[content_type]
    elif content_type == "multipart/report":
        yield from filter(None, [_REPORTS.get(part.parameters.get("report-type", "").lower(), "")])
    elif content_type in _CALENDARS:
        yield "calendar"
    elif content_type == "multipart/voice-message":
        yield "voicemail"
    yield from _of_cryptography(part)


def _of_cryptography(part: Part) -> Iterator[str]:
    content_type = part.content_type
    if content_type == "multipart/signed" or part.fields.is_signed:
        yield "signed"
    elif content_type == "multipart/encrypted" or content_type in _RIGHTS:
        yield "encrypted"
    elif content_type in _OPAQUE:
        yield from _of_pkcs7(part)
    elif part.is_body:
        text = part.decoded(_PEEK_BYTES)
        if _PGP_SIGNED in text:
            yield "signed"
        elif _PGP_MESSAGE in text:
            yield "encrypted"


def _of_pkcs7(part: Part) -> Iterator[str]:
    """Say what the content is; where it cannot be read, what the header calls it."""
    octets = part.decoded(200)
    at = octets.find(_PKCS7)
    kind = octets[at + len(_PKCS7)] if 0 <= at < len(octets) - len(_PKCS7) else 0
    name = part.parameters.get("smime-type", "").lower()
    if kind == _SIGNED_DATA or (not kind and name == "signed-data"):
        yield "signed"
    elif kind in _ENVELOPED or _AUTH_ENVELOPED in octets or name in {"", "enveloped-data", "authenveloped-data"}:
        yield "encrypted"
