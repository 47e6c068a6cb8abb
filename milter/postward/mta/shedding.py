# SPDX-License-Identifier: GPL-3.0-or-later
"""What the milter server asks before it lets work in; the composition root implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.load import Load, SheddingStage
    from postward.model.transaction import Transaction


class Shedding(Protocol):
    """Whether there is too much work for a message of this client now.

    All is called on libmilter's threads, but ``tell``.  Where there is little to do, it does next to nothing.
    """

    def is_ours(self, transaction: Transaction) -> bool:
        """Whether its mail is that of our own users, which does not wait behind that of others; from memory."""
        ...

    def client_known(self, transaction: Transaction, load: Load) -> None:
        """The connection is known; who it is may be looked up ahead.  Never waits."""
        ...

    def refusal(
        self, stage: SheddingStage, transaction: Transaction, recipients: Sequence[Recipient], load: Load
    ) -> Reply | None:
        """Ask the client to come again, None to go on; never for good.

        ``recipients``: those that it is about, none at MAIL.  There it answers from memory; later it may wait for
        another thread, within the message's budget for Redis.
        """
        ...

    def tell(self, load: Load) -> None:
        """Take note of the load, once a second; on a thread that Python made.  Never waits."""
        ...
