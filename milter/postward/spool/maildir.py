# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of messages in the form that mail programs read (maildir): written in ``tmp``, moved to ``new``."""

from __future__ import annotations

import secrets
import socket
import time
from typing import TYPE_CHECKING

from postward.spool.durable_file import FOLDER_MODE, failure, sync_folder, write_durably

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_RANDOM_OCTETS = 10
_UNFIT = str.maketrans({"/": "\\057", ":": "\\072"})


class Maildir:
    """Adds messages to a maildir, which is made where there is none."""

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "",
        random: Callable[[int], bytes] = secrets.token_bytes,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``host`` stands in the names of the files, this host's own name unless given."""
        self.folder = folder
        self._host = (host or socket.gethostname()).translate(_UNFIT)
        self._random = random
        self._clock = clock

    def add(self, content: bytes) -> Path:
        """Add a message, line ends as LF: when this returns it is on disk; raises SpoolError."""
        try:
            for name in ("tmp", "new", "cur"):
                (self.folder / name).mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise failure(self.folder, error) from error
        name = f"{self._clock():.0f}.R{self._random(_RANDOM_OCTETS).hex()}.{self._host}"
        written, final = self.folder / "tmp" / name, self.folder / "new" / name
        write_durably(written, (content.replace(b"\r\n", b"\n"),))
        try:
            written.rename(final)
        except OSError as error:
            written.unlink(missing_ok=True)
            raise failure(final, error) from error
        sync_folder(final.parent)
        return final
