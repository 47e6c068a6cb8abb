# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in: messages are let in, or their clients are asked to come again, as early as they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.load import SheddingStage

if TYPE_CHECKING:
    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction
    from postward.mta.pools import Pools
    from postward.mta.shedding import Shedding


class Gate:
    """Asks ``shedding`` with the load as it is; None lets everything in."""

    def __init__(self, shedding: Shedding | None, pools: Pools) -> None:
        self._shedding = shedding
        self._pools = pools

    @property
    def may_refuse(self) -> bool:
        """The MTA has to wait for an answer to senders and recipients."""
        return self._shedding is not None

    def client_known(self, transaction: Transaction) -> None:
        """Note that a client has connected."""
        if self._shedding is not None:
            self._shedding.client_known(transaction, self._pools.load)

    def sender(self, transaction: Transaction) -> Reply | None:
        """Answer MAIL FROM; None takes the sender."""
        if self._shedding is None:
            return None
        return self._shedding.refusal(SheddingStage.MAIL, transaction, (), self._pools.load)

    def recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer a recipient; None takes it.

        A message that has one will be judged, and nothing is gained by refusing another.
        """
        if self._shedding is None or transaction.recipients:
            return None
        return self._shedding.refusal(SheddingStage.RCPT, transaction, (recipient,), self._pools.load)

    def message(self, transaction: Transaction) -> Reply | None:
        """Answer a message that is there as a whole; None has it judged."""
        if self._shedding is None:
            return None
        return self._shedding.refusal(SheddingStage.END, transaction, transaction.recipients, self._pools.load)

    def tell(self) -> None:
        """Tell how busy the worker is; once a second."""
        if self._shedding is not None:
            self._shedding.tell(self._pools.load)
