"""One message under examination: the transaction with what checks may use to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dkim.body_digests import BodyDigests

if TYPE_CHECKING:
    from postward.dns.resolver import Lookup
    from postward.model.transaction import Transaction


class Examination:
    """Handed to each check; keeps what several of them share, such as the digests of the body."""

    __slots__ = ("_digests", "lookup", "now_s", "transaction")

    def __init__(self, transaction: Transaction, lookup: Lookup, now_s: float) -> None:
        self.transaction = transaction
        self.lookup = lookup
        self.now_s = now_s
        """Unix time by which signatures are judged."""
        self._digests: BodyDigests | None = None

    @property
    def digests(self) -> BodyDigests:
        """Digests of the body, each computed once for all signatures and seals."""
        if self._digests is None:
            self._digests = BodyDigests(self.transaction.body)
        return self._digests
