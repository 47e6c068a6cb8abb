# SPDX-License-Identifier: GPL-3.0-or-later
"""The status file as the supervisor keeps it: written now and then, and gone with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.mta.status import write_status

if TYPE_CHECKING:
    from pathlib import Path

    from postward.mta.status import MtaStatus
    from postward.observability.logger import EventLog


class StatusFile:
    """Says once where it cannot be written, and again only after it could be in between."""

    def __init__(self, path: Path | None, log: EventLog) -> None:
        """``path``: None where no status is to be written."""
        self._path = path
        self._log = log
        self._is_lost = False

    def write(self, status: MtaStatus) -> None:
        """Replace the file; never raises."""
        if self._path is None:
            return
        try:
            write_status(self._path, status)
        except OSError as error:
            if not self._is_lost:
                self._log.warning("status.not_written", path=str(self._path), error=error.strerror)
            self._is_lost = True
        else:
            self._is_lost = False

    def remove(self) -> None:
        """Remove the file, for nobody keeps it up to date any more; raises OSError."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
