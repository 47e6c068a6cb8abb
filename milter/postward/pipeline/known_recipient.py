# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a recipient of a hosted domain exists, where the domain asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postward.directory.entry import Known
from postward.errors import DirectoryUnavailable
from postward.model.action import Reply
from postward.model.not_remembered import NOT_REMEMBERED, NotRemembered

if TYPE_CHECKING:
    from postward.directory.entry import DomainEntry
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction

UNKNOWN_RECIPIENT = Reply(code=550, enhanced="5.1.1", text="No such recipient here")
NOT_LOOKED_UP = Reply(code=451, enhanced="4.3.0", text="Recipient could not be looked up, please try again later")


class RecipientDirectory(Protocol):
    """The part of the directory that is asked here; see ``directory.directory.Directory``."""

    def domain(self, name: str) -> DomainEntry | None:
        """Ask for a hosted domain."""
        ...

    def recipient(self, address: str) -> Known:
        """Ask whether an address exists."""
        ...

    def recall_domain(self, name: str) -> DomainEntry | NotRemembered | None:
        """Tell what is remembered of a domain."""
        ...

    def recall_recipient(self, address: str) -> Known | NotRemembered:
        """Tell what is remembered of an address."""
        ...


class KnownRecipient:
    """Refuses recipients that do not exist, and puts off those of which that cannot be found out.

    ``defers_users``: False takes the latter from clients that have logged in, as their mail goes without the directory.
    """

    def __init__(self, directory: RecipientDirectory, *, defers_users: bool = True) -> None:
        self._directory = directory
        self._defers_users = defers_users

    def recall(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer from what the directory remembers."""
        if not _is_judged(transaction, recipient):
            return None
        domain = self._directory.recall_domain(recipient.address.domain)
        if isinstance(domain, NotRemembered):
            return NOT_REMEMBERED
        if not _asks_for_it(domain):
            return None
        known = self._directory.recall_recipient(recipient.address.text)
        return NOT_REMEMBERED if isinstance(known, NotRemembered) else _reply(known)

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer by asking the directory."""
        if not _is_judged(transaction, recipient):
            return None
        try:
            if not _asks_for_it(self._directory.domain(recipient.address.domain)):
                return None
            return _reply(self._directory.recipient(recipient.address.text))
        except DirectoryUnavailable:
            return NOT_LOOKED_UP if self._defers_users or not transaction.authentication.user else None


def _is_judged(transaction: Transaction, recipient: Recipient) -> bool:
    """Not what a content filter on this host brings back: it was taken when it came first."""
    connection = transaction.known_connection
    address = connection.address if connection else None
    from_here = address is None or address.is_loopback
    return bool(recipient.address.domain) and (not from_here or bool(transaction.authentication.user))


def _asks_for_it(domain: DomainEntry | None) -> bool:
    return domain is not None and domain.settings.reject_unknown_recipients


def _reply(known: Known) -> Reply | None:
    return UNKNOWN_RECIPIENT if known is Known.NO else None
