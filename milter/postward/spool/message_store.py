# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of kept messages: ``ID.eml`` is the message, ``ID.json`` what is known of it.

The JSON is written last and deleted first: a message is there as long as its JSON is.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.spool.claim import claimed
from postward.spool.durable_file import failure, files_of, make_folder, remove_left_over, sync_folder, write_durably
from postward.spool.errors import NoSuchMessageError, SpoolError
from postward.spool.json_fields import MalformedError
from postward.spool.kept_id import checked_id, is_id, new_id
from postward.spool.kept_message import MAX_BYTES, KeptMessage, from_json, to_json
from postward.spool.usage import StoreBounds, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The messages, oldest first, and what could not be read, in words."""

    messages: tuple[KeptMessage, ...]
    faults: tuple[str, ...]


class MessageStore:
    """Keeps messages; safe from every thread and process.  Every method raises SpoolError where the disk fails."""

    def __init__(
        self,
        folder: Path,
        bounds: StoreBounds | None = None,
        *,
        random: Callable[[int], bytes] = secrets.token_bytes,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self._random = random
        self._usage = Usage(folder, bounds or StoreBounds(), suffix=".json", monotonic=monotonic)

    def put(self, message: KeptMessage, content: bytes) -> KeptMessage:
        """Keep a message: when this returns it is on disk; raises SpoolFullError beyond the bounds.

        Returned with its id, size and digest.
        """
        make_folder(self.folder)
        digest = hashlib.sha256(content).hexdigest()
        kept = replace(message, id=new_id(self._random), size_bytes=len(content), sha256=digest)
        described = to_json(kept)
        try:
            self._usage.reserve(len(content) + len(described))
        except OSError as error:
            raise failure(self.folder, error) from error
        body, beside = self._body(kept.id), self._beside(kept.id)
        try:
            write_durably(body, (content,))
            write_durably(beside, (described,))
            sync_folder(self.folder)
        except SpoolError:
            beside.unlink(missing_ok=True)
            body.unlink(missing_ok=True)
            raise
        return kept

    def get(self, message_id: str) -> KeptMessage:
        """What is known of a message; raises NoSuchMessageError."""
        path = self._beside(message_id)
        try:
            if path.stat().st_size > MAX_BYTES:
                raise SpoolError(f"{path} is too large")
            message = from_json(path.read_bytes())
        except FileNotFoundError:
            raise NoSuchMessageError(f"there is no message {message_id}, or no longer") from None
        except OSError as error:
            raise failure(path, error) from error
        except MalformedError as error:
            raise SpoolError(f"{path} {error}") from error
        if message.id != message_id:
            # What is done with a message is done with the files of its id.
            raise SpoolError(f"{path} is about another message")
        return message

    def content(self, message: KeptMessage) -> bytes:
        """The message itself, line ends as CRLF; raises SpoolError where it is not what was put there."""
        path = self._body(message.id)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise NoSuchMessageError(f"there is no message {message.id}, or no longer") from None
        except OSError as error:
            raise failure(path, error) from error
        if hashlib.sha256(content).hexdigest() != message.sha256:
            raise SpoolError(f"{path} is damaged: it is not what was kept")
        return content

    def listing(self) -> Listing:
        """All messages."""
        messages, faults = [], []
        for name in self._ids():
            try:
                messages.append(self.get(name))
            except NoSuchMessageError:
                continue
            except SpoolError as error:
                faults.append(str(error))
        ordered = tuple(sorted(messages, key=lambda message: (message.time_s, message.id)))
        return Listing(messages=ordered, faults=tuple(faults))

    def some(self, most: int) -> tuple[str, ...]:
        """Ids of some messages, in no order."""
        return tuple(self._ids()[:most])

    @contextmanager
    def claim(self, message_id: str) -> Iterator[KeptMessage]:
        """Work on a message that nobody else works on meanwhile; raises NoSuchMessageError and InUseError."""
        with claimed(self._beside(message_id)):
            yield self.get(message_id)

    def replace(self, message: KeptMessage) -> None:
        """Write anew what is known of a message; the last thing that a holder of its claim does."""
        write_durably(self._beside(message.id), (to_json(message),))
        sync_folder(self.folder)

    def delete(self, message: KeptMessage) -> None:
        """Delete a message."""
        try:
            self._beside(message.id).unlink(missing_ok=True)
            self._body(message.id).unlink(missing_ok=True)
        except OSError as error:
            raise failure(self.folder, error) from error
        sync_folder(self.folder)

    def tidy(self, now_s: float) -> None:
        """Remove what interrupted processes have left."""
        remove_left_over(self.folder, now_s, _is_without_description)

    def _ids(self) -> list[str]:
        return [path.stem for path in files_of(self.folder) if path.suffix == ".json" and is_id(path.stem)]

    def _body(self, message_id: str) -> Path:
        return self.folder / f"{checked_id(message_id)}.eml"

    def _beside(self, message_id: str) -> Path:
        return self.folder / f"{checked_id(message_id)}.json"


def _is_without_description(path: Path) -> bool:
    return path.suffix == ".eml" and is_id(path.stem) and not path.with_suffix(".json").exists()
