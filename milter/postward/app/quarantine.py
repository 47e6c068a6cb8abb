# SPDX-License-Identifier: GPL-3.0-or-later
"""Let messages out of the quarantine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.errors import PermanentFailure
from postward.observability.escape import escape
from postward.spool.errors import SpoolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.courier.release import Release
    from postward.spool.message_store import MessageStore


class StillThereError(PermanentFailure):
    """The MTA has taken a message that could not be deleted: to release it again would deliver it twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """For whom a message was taken, and for whom not."""

    accepted: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    """Recipients for whom it stays in the quarantine, each with the MTA's answer."""


def release_message(
    store: MessageStore, release: Release, message_id: str, *, to: Sequence[str] = (), keep: bool = False
) -> Released:
    """Hand a message to the MTA, for its own recipients unless ``to`` names others, and delete it once that took it.

    Where the MTA takes it for some recipients only, it stays for the others.  ``keep`` leaves it as it is.  Raises
    NoSuchMessageError, InUseError, SpoolError, NotHandedOverError where the MTA takes it for nobody, and
    StillThereError where it has taken the message, which could not be deleted.
    """
    with store.claim(message_id) as message:
        handed = release.let_go(message, store.content(message), tuple(to) or message.recipients)
        left = tuple(recipient for recipient, _ in handed.refused)
        try:
            if left and not to and not keep:
                store.replace(replace(message, recipients=left))
            elif not left and not keep:
                store.delete(message)
        except SpoolError as error:
            who = ", ".join(escape(recipient) for recipient in handed.accepted)
            raise StillThereError(f"released to {who}, and still there, for it cannot be deleted: {error}") from error
    return Released(accepted=handed.accepted, refused=handed.refused)


def delete_message(store: MessageStore, message_id: str) -> None:
    """Delete a message; raises NoSuchMessageError, InUseError and SpoolError."""
    with store.claim(message_id) as message:
        store.delete(message)
