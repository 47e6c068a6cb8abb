# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a recipient that looks like a return path of ours is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.action import Reply

if TYPE_CHECKING:
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction
    from postward.signing.return_path import ReturnPaths

FORGED = Reply(code=550, enhanced="5.1.1", text="No such return path here")


class BounceQuestion:
    """Refuses bounces to return paths that we did not make, or that have expired."""

    def __init__(self, return_paths: ReturnPaths) -> None:
        self._return_paths = return_paths

    def recall(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer by the token alone."""
        returned = self._return_paths.read(recipient.address.text, transaction.started_s)
        return FORGED if returned is not None and not returned.address else None

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer the same; nobody has to be asked."""
        return self.recall(transaction, recipient)
