# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done to a message: data, not effects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AddHeader:
    """Insert a field at ``index`` fields from the top (0: above everything), or below all that came."""

    name: str
    value: bytes
    """Without the leading space and the closing CRLF; folds as CRLF and white space."""
    index: int = 0
    at_bottom: bool = False
    """Below all fields that the message has, whatever ``index`` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHeader:
    """Delete the ``occurrence``-th field (from 1, from the top) of that name in the message as it came."""

    name: bytes
    """As it stands in the message."""
    occurrence: int
    position: int
    """Index in the header of the message as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderChange:
    """Another value for a field that stays where it is."""

    name: bytes
    """As it stands in the message."""
    occurrence: int
    """Of its name, from 1, from the top."""
    position: int
    """Index in the header of the message as it came."""
    value: bytes
    """Without the leading space and the closing CRLF; folds as CRLF and white space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Put the message on hold in the MTA's queue."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Refuse the message with this answer."""

    code: int
    enhanced: str
    text: str
    """Generic and ASCII; one line, or several with LF between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is done to one message: at most one reply; of fields, changes before removals before insertions."""

    changes: tuple[HeaderChange, ...] = ()
    removals: tuple[RemoveHeader, ...] = ()
    additions: tuple[AddHeader, ...] = ()
    hold: Hold | None = None
    reply: Reply | None = None
    new_sender: str | None = None
    """Envelope sender in place of the one that came, without angle brackets; None leaves it."""
    new_recipients: tuple[str, ...] = ()
    """Envelope recipients to add, without angle brackets."""
    silent_recipients: tuple[str, ...] = ()
    """More to add, of whose copy the sender is never told (RFC 3461 NOTIFY=NEVER)."""
    dropped_recipients: tuple[str, ...] = ()
    """Envelope recipients to take off, as they came."""
    new_body: bytes | None = None
    """In place of the body that came, with CRLF line ends; None leaves it."""
    discards: bool = False
    """Take the message and deliver it to nobody."""


NOTHING = Plan()
