# SPDX-License-Identifier: GPL-3.0-or-later
"""Which header fields a signature covers (RFC 6376 sections 5.4, 5.4.1 and 8.15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.header import Headers

_FROM = b"from"
# RFC 6376 section 5.4.1: what holds the core of the message.  RFC 8058 section 4 and RFC 9477 section 3.1 ask for their
# fields.  Trace fields are not among them, for they are added on the way (section 5.4.1), and no Bcc, which goes before
# delivery.
_ADVISED = (
    _FROM,
    b"sender",
    b"reply-to",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"content-disposition",
    b"content-id",
    b"content-description",
    b"resent-date",
    b"resent-from",
    b"resent-sender",
    b"resent-to",
    b"resent-cc",
    b"resent-message-id",
    b"list-id",
    b"list-help",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"list-subscribe",
    b"list-post",
    b"list-owner",
    b"list-archive",
    b"cfbl-address",
    b"cfbl-feedback-id",
    b"feedback-id",
    b"autocrypt",
)
_MAX_INSTANCES = 50
"""Instances of one field that are signed, from the bottom: h= must stay within what relays take for a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFieldSettings:
    """Names of fields, in lower case."""

    oversigned: tuple[bytes, ...] = (_FROM,)
    """Mentioned once more than they are there, so that none can be added."""
    oversigned_where_present: tuple[bytes, ...] = ()
    """The same, where there is one at all."""
    extra: tuple[bytes, ...] = ()
    """Signed as often as they are there, besides those that the RFC advises."""


def signed_names(headers: Headers, settings: SignedFieldSettings) -> tuple[bytes, ...]:
    """The names in h=, in lower case: one mention for each field that is signed, and those that stand for none."""
    names = dict.fromkeys((*_ADVISED, *settings.oversigned, *settings.oversigned_where_present, *settings.extra))
    return tuple(name for name in names for _ in range(_mentions(name, headers, settings)))


def _mentions(name: bytes, headers: Headers, settings: SignedFieldSettings) -> int:
    present = min(len(headers.indexes(name)), _MAX_INSTANCES)
    # RFC 6376 sections 5.4.2 and 8.15: a mention without a field says that there is none, and adding one breaks it.
    is_oversigned = name in settings.oversigned or (present and name in settings.oversigned_where_present)
    # RFC 6376 section 5.4: From must be signed, even one that is not there.
    return max(present + bool(is_oversigned), name == _FROM)
