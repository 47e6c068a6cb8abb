# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether those who sent a message of our own users may use its addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from postward.authn.dmarc import read_authors
from postward.checks.sender_rights import (
    author_permission,
    entry_of_unknown,
    envelope_permission,
    own_address,
)
from postward.errors import DirectoryUnavailable
from postward.model.envelope import EnvelopeAddress
from postward.model.not_remembered import NOT_REMEMBERED, NotRemembered
from postward.model.origin import Direction
from postward.model.sender_rights import Permission, SenderRights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.authn.dmarc import Authors
    from postward.checks.examination import Examination
    from postward.directory.entry import SenderEntry
    from postward.model.ip_address import IpAddress
    from postward.model.origin import Origin
    from postward.model.transaction import Facts, Transaction

_MAX_ADDRESSES = 10
"""Of From, that are kept."""
_NULL_PATH = EnvelopeAddress("")


class SenderDirectory(Protocol):
    """The part of the directory that is asked here; see ``directory.directory.Directory``."""

    @property
    def is_empty(self) -> bool:
        """Nobody is judged."""
        ...

    def sender(self, login: str, client: IpAddress | None) -> SenderEntry | None:
        """Ask what a login, or else a client, may use; raises DirectoryUnavailable."""
        ...

    def recall_sender(self, login: str, client: IpAddress | None) -> SenderEntry | NotRemembered | None:
        """Tell what is remembered of that."""
        ...


class SenderCheck:
    """Sets ``facts.sender_rights``, also where nothing is judged, for the authors are in it."""

    name = "sender"
    requires = ()

    def __init__(self, directory: SenderDirectory) -> None:
        self._directory = directory

    def applies(self, origin: Origin) -> bool:
        """Judge mail of our own users only: what others may send is for DMARC to say."""
        return origin.direction is Direction.OUTBOUND

    def run(self, examination: Examination) -> None:
        """Ask the directory, once, and judge envelope sender and From."""
        transaction = examination.transaction
        facts, login = transaction.facts, transaction.authentication.user
        authors = _authors(transaction)
        try:
            entry = None if self._directory.is_empty else self._directory.sender(login, transaction.origin.client)
        except DirectoryUnavailable:
            facts.not_checked[self.name] = "the directory did not answer"
            rights = _unavailable(transaction)
        else:
            rights = self._judged(transaction, entry, authors)
        facts.sender_rights = _with_authors(rights, transaction, authors)

    def recall(self, transaction: Transaction) -> None:
        """Judge from what is remembered, where that suffices, a message that cannot be examined; never blocks."""
        entry: SenderEntry | NotRemembered | None = None
        if not self._directory.is_empty:
            entry = self._directory.recall_sender(transaction.authentication.user, transaction.origin.client)
        if not isinstance(entry, NotRemembered):
            authors = _authors(transaction)
            rights = self._judged(transaction, entry, authors)
            transaction.facts.sender_rights = _with_authors(rights, transaction, authors)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word for each address that is judged."""
        rights = facts.sender_rights
        return {"sender": rights.envelope.value, "author": rights.header_from.value} if rights else {}

    def recall_envelope(self, transaction: Transaction) -> SenderRights | NotRemembered:
        """Judge the envelope alone from what is remembered, before there is a header; never blocks, on any thread.

        Of clients that have authenticated themselves; whether one that has not is ours is not known by then.
        """
        login = transaction.authentication.user
        if not login or self._directory.is_empty:
            return _UNJUDGED
        entry = self._directory.recall_sender(login, None)
        return NOT_REMEMBERED if isinstance(entry, NotRemembered) else self._judged(transaction, entry, None)

    def judge_envelope(self, transaction: Transaction) -> SenderRights:
        """The same, asking the directory; on a thread that Python made."""
        login = transaction.authentication.user
        if not login or self._directory.is_empty:
            return _UNJUDGED
        try:
            return self._judged(transaction, self._directory.sender(login, None), None)
        except DirectoryUnavailable:
            return _unavailable(transaction)

    def _judged(self, transaction: Transaction, entry: SenderEntry | None, authors: Authors | None) -> SenderRights:
        login = transaction.authentication.user
        if self._directory.is_empty or (entry is None and not login):
            return _UNJUDGED
        entry = entry or entry_of_unknown(login)
        sender = transaction.known_sender
        return SenderRights(
            envelope=envelope_permission(sender.address if sender else _NULL_PATH, entry, login),
            header_from=author_permission(authors, entry, login) if authors else Permission.NOT_JUDGED,
            identity=entry.identity,
            tenant=entry.tenant,
            own_address=own_address(entry, login, smtputf8=sender is not None and sender.smtputf8),
        )


def _authors(transaction: Transaction) -> Authors:
    return read_authors([field.value for field in transaction.headers.all(b"from")])


def _with_authors(rights: SenderRights, transaction: Transaction, authors: Authors) -> SenderRights:
    return replace(
        rights,
        from_addresses=tuple(author.address for author in authors.mailboxes[:_MAX_ADDRESSES]),
        from_fields=len(transaction.headers.indexes(b"from")),
        from_is_readable=authors.is_readable,
    )


_UNJUDGED = SenderRights(envelope=Permission.NOT_JUDGED, header_from=Permission.NOT_JUDGED)


def _unavailable(transaction: Transaction) -> SenderRights:
    """Nobody can say; RFC 5321 section 4.5.5: but for the null path nobody need."""
    sender = transaction.known_sender
    is_null = sender is None or sender.address.is_null
    return SenderRights(
        envelope=Permission.ALLOWED if is_null else Permission.UNAVAILABLE,
        header_from=Permission.UNAVAILABLE,
        identity=transaction.authentication.user,
    )
