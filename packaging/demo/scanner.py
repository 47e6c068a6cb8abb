# SPDX-License-Identifier: GPL-3.0-or-later
"""The virus scanner of the demo: a clamd of its own with one signature, where Debian's ClamAV is installed."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.mailhost.clamd import Clamd
from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screen import Screen


@contextmanager
def open_scanner(folder: Path, screen: Screen) -> Iterator[Clamd | None]:
    """Start it for the time of the ``with``; None, said in words, where it is not here or does not start."""
    scanner = _started(Clamd(folder / "clamd"), screen)
    try:
        yield scanner
    finally:
        if scanner is not None:
            scanner.stop()


def _started(scanner: Clamd, screen: Screen) -> Clamd | None:
    if shutil.which("clamd") is None:
        screen.say("  ClamAV (Debian's clamav-daemon) is not installed here: the message with a virus is left out.")
        return None
    screen.step("ClamAV with one signature, that of the EICAR test string")
    try:
        return scanner.__enter__()
    except (MailHostError, OSError) as error:
        screen.say(f"  ClamAV did not start, so the message with a virus is left out: {error}")
        return None
