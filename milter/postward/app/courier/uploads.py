# SPDX-License-Identifier: GPL-3.0-or-later
"""Upload copies into a bucket: each at least once, under a name that is its own."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from postward.spool.errors import InUseError, NoSuchMessageError, SpoolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.observability.logger import EventLog
    from postward.spool.kept_message import KeptMessage
    from postward.spool.message_store import MessageStore

_FIRST_DELAY_S, _LONGEST_DELAY_S = 5.0, 900.0
_AT_A_TIME = 100
_DAMAGED_FOR_S = 3_600.0


class _DamagedError(Exception):
    """A copy cannot be read; the others can be uploaded all the same."""


class ObjectStore(Protocol):
    """What takes the copies."""

    def put(self, name: str, content: bytes) -> None:
        """Write an object; raises SpoolError."""
        ...


class UploadCourier:
    """Uploads the copies of one archive; used by one thread."""

    def __init__(
        self, name: str, pending: MessageStore, bucket: ObjectStore, log: EventLog, *, clock: Callable[[], float]
    ) -> None:
        self._name = name
        self._pending = pending
        self._bucket = bucket
        self._log = log
        self._clock = clock
        self._failures = 0
        self._again_s = 0.0
        self._damaged: dict[str, float] = {}
        """Copies that cannot be read: when that was found."""

    def step(self) -> None:
        """Upload some of what waits; after a failure not before its delay is over."""
        if 0 < self._again_s - self._clock() <= _LONGEST_DELAY_S:
            return
        for message_id in self._readable():
            try:
                self._upload(message_id)
            except (InUseError, NoSuchMessageError):
                continue
            except _DamagedError as error:
                self._damaged[message_id] = self._clock()
                self._log.error("archive.damaged", archive=self._name, kept_id=message_id, text=str(error))
                continue
            except SpoolError as error:
                self._note_failure(message_id, error)
                return
            self._failures = 0

    def tidy(self) -> None:
        """Remove what interrupted processes have left; raises SpoolError."""
        self._pending.tidy(self._clock())

    def _readable(self) -> Sequence[str]:
        """Some copies; those that could not be read do not stand before the others."""
        now_s = self._clock()
        self._damaged = {name: at_s for name, at_s in self._damaged.items() if 0 <= now_s - at_s < _DAMAGED_FOR_S}
        some = self._pending.some(_AT_A_TIME + len(self._damaged))
        return [message_id for message_id in some if message_id not in self._damaged]

    def _read(self, message_id: str, claims: ExitStack) -> tuple[KeptMessage, bytes]:
        try:
            message = claims.enter_context(self._pending.claim(message_id))
            return message, self._pending.content(message)
        except InUseError:
            raise
        except SpoolError as error:
            raise _DamagedError(str(error)) from error

    def _upload(self, message_id: str) -> None:
        with ExitStack() as claims:
            message, content = self._read(message_id, claims)
            name = object_name(message)
            self._bucket.put(name, content)
            self._pending.delete(message)
        self._log.info(
            "archive.uploaded", id=message.transaction_id, qid=message.queue_id, archive=self._name, object=name
        )

    def _note_failure(self, message_id: str, error: SpoolError) -> None:
        self._failures += 1
        delay_s = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(self._failures - 1, 32))
        self._again_s = self._clock() + delay_s
        self._log.error(
            "archive.not_uploaded", archive=self._name, kept_id=message_id, text=str(error), again_in_s=delay_s
        )


def object_name(message: KeptMessage) -> str:
    """The name of an object: sorted by day, and as hard to guess as the id."""
    return f"{time.strftime('%Y/%m/%d', time.gmtime(message.time_s))}/{message.id}.eml"
