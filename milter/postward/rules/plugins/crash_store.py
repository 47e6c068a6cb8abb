# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the messages on which a plugin failed, for whoever mends it; only where the operator asks for that."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from postward.rules.message.message import Message

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_MESSAGE, _NOTE, _PARTIAL = ".eml", ".json", ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashStoreSettings:
    """Where, how many, and for how long."""

    folder: Path
    messages: int = 100
    total_bytes: int = 500_000_000
    age_s: float = 7 * 86_400.0


class CrashStore:
    """A folder of ``TIME-PLUGIN-RANDOM.eml``, each with a note beside it; safe from every thread and process."""

    def __init__(self, settings: CrashStoreSettings, *, clock: Callable[[], float]) -> None:
        """``clock`` gives Unix time in seconds."""
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()

    def keep(self, message: Message, *, plugin: str, kind: str, text: str, output: bytes = b"") -> None:
        """Store a message as it was when the plugin got it, unless it is larger than all may be; raises OSError."""
        if message.size_bytes > self._settings.total_bytes:
            return
        now_s = self._clock()
        note = {
            "plugin": plugin,
            "kind": kind,
            "text": text,
            "output": output.decode("utf-8", "backslashreplace"),
            "id": message.id,
            "sender": message.sender.text,
            "recipients": [view.address for view in message.recipients],
            "time_s": now_s,
        }
        name = f"{int(now_s * 1000):015d}-{plugin}-{secrets.token_hex(4)}"
        written = json.dumps(note).encode()
        with self._lock:
            self._settings.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            self._make_room(message.size_bytes + len(written), now_s)
            self._write(name + _NOTE, [written])
            self._write(name + _MESSAGE, _octets(message))

    def _write(self, name: str, pieces: Iterable[bytes]) -> None:
        path = self._settings.folder / name
        partial = path.with_name(name + _PARTIAL)
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _FILE_MODE)
            with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
                file.writelines(pieces)
            partial.rename(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise

    def _make_room(self, size_bytes: int, now_s: float) -> None:
        """Remove what is too old, and the oldest ones until there is room for one more."""
        kept = sorted(path for path in self._settings.folder.iterdir() if path.suffix in {_MESSAGE, _NOTE, _PARTIAL})
        sizes = {path: _size(path) for path in kept}
        total = sum(sizes.values()) + size_bytes
        messages = sum(1 for path in kept if path.suffix == _MESSAGE)
        for path in kept:
            is_old = _time_s(path) < now_s - self._settings.age_s
            if not is_old and messages < self._settings.messages and total <= self._settings.total_bytes:
                break
            path.unlink(missing_ok=True)
            total -= sizes[path]
            messages -= path.suffix == _MESSAGE


def _octets(message: Message) -> Iterable[bytes]:
    yield from (field.raw for field in message.headers.fields)
    yield b"\r\n"
    yield from message.content.body.chunks()


def _time_s(path: Path) -> float:
    digits = path.name.partition("-")[0]
    return int(digits) / 1000 if digits.isascii() and digits.isdigit() else 0.0


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0
