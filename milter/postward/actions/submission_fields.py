# SPDX-License-Identifier: GPL-3.0-or-later
"""What is changed in a message of our own users: fields that it lacks, and addresses that its sender may not use."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from postward.actions.display_name import display_phrase
from postward.actions.removals import removals_of
from postward.actions.submission import Mismatch
from postward.authn.dmarc import read_authors
from postward.authn.results.address import shown_address
from postward.model.action import AddHeader
from postward.model.origin import Direction
from postward.model.sender_rights import Permission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.actions.submission import SubmissionSettings
    from postward.model.action import RemoveHeader
    from postward.model.header import Headers
    from postward.model.sender_rights import SenderRights
    from postward.model.transaction import Transaction

_RANDOM_BYTES = 15
"""120 bits: nobody guesses the Message-ID of another's message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFields:
    """What comes to the plan of a message."""

    removals: tuple[RemoveHeader, ...] = ()
    """From the top down."""
    additions: tuple[AddHeader, ...] = ()
    """All at the bottom."""
    new_sender: str | None = None
    """Envelope sender in place of the one that came; None leaves it."""
    replaced_from: str = ""
    """The address that stands in From in place of those that came; "" leaves them."""


NO_CHANGE = SubmissionFields()


def submission_fields(
    transaction: Transaction,
    rights: SenderRights | None,
    settings: SubmissionSettings,
    now_s: float,
    random: Callable[[int], bytes],
) -> SubmissionFields:
    """Give what a message of our own users gets, and what goes; for one that is neither refused nor deferred.

    ``now_s`` is Unix time, ``random`` gives that many octets that nobody can guess.
    """
    if transaction.origin.direction is not Direction.OUTBOUND:
        return NO_CHANGE
    completing = tuple(_missing_fields(transaction.headers, settings, now_s, random)) if settings.complete else ()
    author = _author_change(transaction, rights, settings) if rights is not None else NO_CHANGE
    return SubmissionFields(
        removals=author.removals,
        additions=(*author.additions, *completing),
        new_sender=_new_sender(rights, settings) if rights is not None else None,
        replaced_from=author.replaced_from,
    )


def _missing_fields(
    headers: Headers, settings: SubmissionSettings, now_s: float, random: Callable[[int], bytes]
) -> Iterator[AddHeader]:
    """RFC 6409 sections 8.2 and 8.3: a submission service may add Date and Message-ID."""
    if headers.first(b"date") is None:
        moment = datetime.fromtimestamp(int(now_s), UTC)
        yield AddHeader(name="Date", value=format_datetime(moment).encode("ascii"), at_bottom=True)
    if headers.first(b"message-id") is None:
        left = b32encode(random(_RANDOM_BYTES)).decode("ascii").lower()
        value = f"<{left}@{settings.message_id_domain}>".encode("ascii")
        yield AddHeader(name="Message-ID", value=value, at_bottom=True)


def _new_sender(rights: SenderRights, settings: SubmissionSettings) -> str | None:
    is_replaced = rights.envelope is Permission.DENIED and settings.on_envelope_mismatch is Mismatch.REPLACE
    return (rights.own_address or None) if is_replaced else None


def _author_change(transaction: Transaction, rights: SenderRights, settings: SubmissionSettings) -> SubmissionFields:
    if rights.header_from is not Permission.DENIED:
        return NO_CHANGE
    smtputf8 = transaction.sender.smtputf8
    own = shown_address(rights.own_address, smtputf8=smtputf8)
    if settings.on_from_mismatch is Mismatch.ACCEPT:
        # RFC 5322 section 3.6.2: Sender names who is responsible; what the message itself says of that is not true.
        return SubmissionFields(
            removals=removals_of(transaction.headers, b"sender"),
            additions=(_address_field("Sender", own, smtputf8=smtputf8),) if own else (),
        )
    if settings.on_from_mismatch is Mismatch.REPLACE and own:
        return _replacement(transaction.headers, own, smtputf8=smtputf8)
    return NO_CHANGE


def _replacement(headers: Headers, own: str, *, smtputf8: bool) -> SubmissionFields:
    authors = read_authors([field.value for field in headers.all(b"from")]).mailboxes
    phrase = display_phrase(authors[0].display_name, smtputf8=smtputf8) if authors else ""
    # With one author, who sends it too, RFC 5322 section 3.6.2 wants no Sender; and the one that came named somebody.
    removals = (*removals_of(headers, b"from"), *removals_of(headers, b"sender"))
    return SubmissionFields(
        removals=tuple(sorted(removals, key=lambda removal: removal.position)),
        additions=(_address_field("From", own, phrase, smtputf8=smtputf8),),
        replaced_from=own,
    )


def _address_field(name: str, address: str, phrase: str = "", *, smtputf8: bool) -> AddHeader:
    value = f"{phrase} <{address}>" if phrase else address
    return AddHeader(name=name, value=value.encode("utf-8" if smtputf8 else "ascii"), at_bottom=True)
