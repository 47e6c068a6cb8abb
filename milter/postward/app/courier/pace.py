# SPDX-License-Identifier: GPL-3.0-or-later
"""How often one address is written to about one rule, remembered from one process to the next."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from postward.spool.durable_file import FILE_MODE, failure, make_folder

if TYPE_CHECKING:
    from pathlib import Path

_FORGOTTEN_S = 2 * 86_400.0


class Pace:
    """Keeps a file for each rule and address, of which the time counts."""

    def __init__(self, folder: Path, interval_s: float) -> None:
        self._folder = folder
        self._interval_s = interval_s

    def allows(self, key: tuple[str, ...], now_s: float) -> bool:
        """Whether the interval is over; a time in the future, after the clock was set back, holds nobody up."""
        try:
            last_s = self._file(key).stat().st_mtime
        except FileNotFoundError:
            return True
        except OSError as error:
            raise failure(self._folder, error) from error
        return not 0 <= now_s - last_s < self._interval_s

    def prepare(self, key: tuple[str, ...]) -> None:
        """Make sure that ``note`` will have room: what cannot be noted would be sent again and again.

        Raises SpoolError where it will not.
        """
        make_folder(self._folder)
        path = self._file(key)
        try:
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE))
                os.utime(path, (0, 0))
            os.close(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
        except OSError as error:
            raise failure(path, error) from error

    def note(self, key: tuple[str, ...], now_s: float) -> None:
        """Begin the interval anew; raises SpoolError."""
        path = self._file(key)
        try:
            os.utime(path, (now_s, now_s), follow_symlinks=False)
        except OSError as error:
            raise failure(path, error) from error

    def tidy(self, now_s: float) -> None:
        """Forget what is long over."""
        try:
            for path in self._folder.iterdir():
                if abs(now_s - path.stat(follow_symlinks=False).st_mtime) > _FORGOTTEN_S:
                    path.unlink(missing_ok=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise failure(self._folder, error) from error

    def _file(self, key: tuple[str, ...]) -> Path:
        text = "\0".join(key).encode("utf-8", "surrogateescape")
        return self._folder / hashlib.sha256(text).hexdigest()[:32]
