# SPDX-License-Identifier: GPL-3.0-or-later
"""Let a kept message go: to the MTA, with our mark, so that it is not judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.courier.marking import marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.courier.hand_over import HandedOver, MtaDoor
    from postward.checks.pass_mark import PassMark
    from postward.spool.kept_message import KeptMessage


class Release:
    """Hands kept messages to the MTA."""

    def __init__(self, door: MtaDoor, mark: PassMark) -> None:
        self._door = door
        self._mark = mark

    def let_go(self, message: KeptMessage, content: bytes, recipients: Sequence[str]) -> HandedOver:
        """Send it, with the envelope sender that it would have had; raises NotHandedOverError."""
        return self._door.hand_over(
            marked(content, self._mark),
            sender=message.return_path,
            recipients=recipients,
            smtputf8=message.smtputf8 or not all(recipient.isascii() for recipient in recipients),
        )

    def send_own(self, content: bytes, to: str) -> None:
        """Send mail of our own, from the null path; raises NotHandedOverError."""
        self._door.hand_over(marked(content, self._mark), sender="", recipients=(to,), smtputf8=not to.isascii())
