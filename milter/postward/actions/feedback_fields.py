# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields by which complaints about our own users' mail come back to us, and are known for what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from postward.actions.removals import removals_of
from postward.model.action import AddHeader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.action import RemoveHeader
    from postward.model.header import Headers

_CFBL_NAMES = (b"cfbl-address", b"cfbl-feedback-id")
_FEEDBACK_ID = b"feedback-id"
_PART = re.compile(rb"[A-Za-z0-9_.-]{1,40}")
_HASH_CHARS = 16
_TO_MANY = (b"list-id", b"list-unsubscribe")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackFieldSettings:
    """Which fields are added."""

    cfbl_address: str = ""
    """Where complaints go (RFC 9477); "" adds neither CFBL-Address nor CFBL-Feedback-ID."""
    feedback_id: str = ""
    """Our name in Feedback-ID; "" adds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackFields:
    """What comes to the plan of a message."""

    removals: tuple[RemoveHeader, ...] = ()
    """Fields of these names that the message brought along: they would send complaints elsewhere."""
    additions: tuple[AddHeader, ...] = ()
    """All at the bottom."""


def feedback_fields(headers: Headers, settings: FeedbackFieldSettings, *, token: str, tenant: str) -> FeedbackFields:
    """Give the fields of a message of our own users; ``headers`` are those that it came with."""
    names = (*(_CFBL_NAMES if settings.cfbl_address else ()), *((_FEEDBACK_ID,) if settings.feedback_id else ()))
    return FeedbackFields(
        removals=tuple(removal for name in names for removal in removals_of(headers, name)),
        additions=tuple(_additions(headers, settings, token, tenant)),
    )


def _additions(headers: Headers, settings: FeedbackFieldSettings, token: str, tenant: str) -> Iterator[AddHeader]:
    if settings.cfbl_address:
        # RFC 9477 section 5: report=arf asks for RFC 5965 reports.
        yield _field("CFBL-Address", f"{settings.cfbl_address}; report=arf".encode("ascii"))
        yield _field("CFBL-Feedback-ID", token.encode("ascii"))
    if settings.feedback_id:
        kind = b"bulk" if any(headers.first(name) is not None for name in _TO_MANY) else b"mail"
        parts = (_campaign(headers), _tenant_part(tenant), kind, settings.feedback_id.encode("ascii"))
        yield _field("Feedback-ID", b":".join(parts))


def _campaign(headers: Headers) -> bytes:
    """The first part of the field that the message brought along: only its sender knows what it belongs to."""
    brought = headers.first(_FEEDBACK_ID)
    part = brought.value.partition(b":")[0].strip() if brought is not None else b""
    return part if _PART.fullmatch(part) else b""


def _tenant_part(tenant: str) -> bytes:
    """The tenant's name, or where it cannot stand in the field, a hash of it that is always the same."""
    name = tenant.encode("utf-8", "surrogatepass")
    return name if not name or _PART.fullmatch(name) else sha256(name).hexdigest()[:_HASH_CHARS].encode("ascii")


def _field(name: str, value: bytes) -> AddHeader:
    return AddHeader(name=name, value=value, at_bottom=True)
