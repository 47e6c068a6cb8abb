# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices that wait to be sent: a file each."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.spool.durable_file import failure, files_of, make_folder, remove_left_over, sync_folder, write_durably
from postward.spool.errors import SpoolError
from postward.spool.json_fields import MalformedError
from postward.spool.kept_id import is_id, new_id
from postward.spool.notice import MAX_BYTES, Notice, from_json, to_json
from postward.spool.usage import StoreBounds, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_SUFFIX = ".notice"
_DAMAGED = ".damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The notices, oldest first, and what could not be read, in words."""

    notices: tuple[Notice, ...]
    faults: tuple[str, ...]


class Outbox:
    """Keeps notices; safe from every thread and process.  Every method raises SpoolError where the disk fails."""

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
        self._usage = Usage(folder, bounds or StoreBounds(), suffix=_SUFFIX, monotonic=monotonic)

    def put(self, notice: Notice) -> Notice:
        """Keep a notice: when this returns it is on disk; raises SpoolFullError beyond the bounds."""
        make_folder(self.folder)
        kept = replace(notice, id=new_id(self._random))
        text = to_json(kept)
        try:
            self._usage.reserve(len(text))
        except OSError as error:
            raise failure(self.folder, error) from error
        write_durably(self._file(kept.id), (text,))
        sync_folder(self.folder)
        return kept

    def waiting(self) -> Waiting:
        """All notices; one that cannot be read is set aside, and told once."""
        notices, faults = [], []
        for path in self._files():
            try:
                notices.append(_read(path))
            except FileNotFoundError:
                continue
            except MalformedError as error:
                faults.append(f"{path} {error}; set aside as {path.stem}{_DAMAGED}")
                self._set_aside(path)
            except OSError as error:
                raise failure(path, error) from error
        ordered = tuple(sorted(notices, key=lambda notice: (notice.time_s, notice.id)))
        return Waiting(notices=ordered, faults=tuple(faults))

    def remove(self, notices: Iterable[Notice]) -> None:
        """Forget notices: they have been sent, or never will be."""
        try:
            for notice in notices:
                self._file(notice.id).unlink(missing_ok=True)
        except OSError as error:
            raise failure(self.folder, error) from error

    def tidy(self, now_s: float) -> None:
        """Remove what interrupted processes have left."""
        remove_left_over(self.folder, now_s)

    @staticmethod
    def _set_aside(path: Path) -> None:
        try:
            path.replace(path.with_suffix(_DAMAGED))
        except OSError as error:
            raise failure(path, error) from error

    def _files(self) -> list[Path]:
        return [path for path in files_of(self.folder) if path.suffix == _SUFFIX and is_id(path.stem)]

    def _file(self, notice_id: str) -> Path:
        if not is_id(notice_id):
            raise SpoolError("that is no id of a notice")
        return self.folder / f"{notice_id}{_SUFFIX}"


def _read(path: Path) -> Notice:
    notice = from_json(_bounded(path))
    if notice.id != path.stem:
        # When it has been sent, the file of its id is deleted.
        raise MalformedError("is about another notice")
    return notice


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise MalformedError("is too large")
    return text
