# SPDX-License-Identifier: GPL-3.0-or-later
"""Who of our users writes to whom, and who so becomes trusted for him."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from postward.directory.address import mailbox
from postward.model.reputation import Correspondence
from postward.model.sender_rights import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.transaction import Transaction

MAX_READ = 20
"""A message to more recipients is no letter to people who know its author."""
MAX_NOTED = 50
_MACHINES = (b"auto-submitted", b"x-autoreply", b"x-autorespond", b"x-auto-response-suppress")
_LISTS = (b"list-id", b"list-unsubscribe")
_BULK = frozenset({b"bulk", b"list", b"junk", b"auto_reply"})


def correspondence(user: str, other: str) -> Correspondence | None:
    """Give the pair of two addresses, in the form in which it is kept; None where one is none, or both are one.

    What follows a ``+`` in the local part does not count: it is the same person.
    """
    ours, theirs = _kept(user), _kept(other)
    return Correspondence(ours, theirs) if ours and theirs and ours != theirs else None


def with_recipients(transaction: Transaction, author: str) -> tuple[Correspondence, ...]:
    """Give the pairs of each recipient of a message from outside and its author, whose address is proven."""
    recipients = transaction.recipients
    if not author or not 0 < len(recipients) <= MAX_READ:
        return ()
    pairs = [correspondence(recipient.address.text, author) for recipient in recipients]
    found = tuple(dict.fromkeys(pair for pair in pairs if pair is not None))
    # If one of the pairs is none, not all recipients can have written to the author.
    return found if None not in pairs else ()


def written_to(transaction: Transaction) -> tuple[Correspondence, ...]:
    """Give the pairs that a message of one of our users makes: with its recipients, if a person has written it.

    What a program answers by itself makes nobody trusted: or whoever wants to be would write to somebody on vacation.
    """
    sender = transaction.known_sender
    if sender is None or sender.address.is_null or not _may_use(transaction) or not _is_from_person(transaction):
        return ()
    pairs = (correspondence(sender.address.text, each.address.text) for each in transaction.recipients)
    return tuple(islice(dict.fromkeys(pair for pair in pairs if pair is not None), MAX_NOTED))


def _kept(address: str) -> str:
    found = mailbox(address)
    return str(found.untagged) if found is not None else ""


def _may_use(transaction: Transaction) -> bool:
    """Whether the address in the envelope is the sender's; a client without login has to be known to the directory."""
    rights = transaction.facts.sender_rights
    permission = rights.envelope if rights is not None else Permission.NOT_JUDGED
    if permission is Permission.NOT_JUDGED:
        return bool(transaction.authentication.user)
    return permission is Permission.ALLOWED


def _is_from_person(transaction: Transaction) -> bool:
    headers = transaction.headers
    if headers.has_any(_LISTS):
        return False
    # A receipt, which mail programs send by themselves to whoever asks for one, or a bounce.
    if any(_word(value) == b"multipart/report" for value in _values(transaction, (b"content-type",))):
        return False
    if any(_word(value) != b"no" for value in _values(transaction, _MACHINES)):
        return False
    return all(_word(value) not in _BULK for value in _values(transaction, (b"precedence",)))


def _values(transaction: Transaction, names: tuple[bytes, ...]) -> Iterator[bytes]:
    for name in names:
        for field in transaction.headers.all(name):
            yield field.value


def _word(value: bytes) -> bytes:
    return value[:100].strip().partition(b";")[0].strip().lower()
