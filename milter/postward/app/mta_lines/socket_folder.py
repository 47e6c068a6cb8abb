# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders for the socket that the service of Postward's packages has."""

from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path

SERVICE_FOLDER = Path("/var/spool/postfix/postward")
"""Made by the service, which gives it Postfix's group at each start and may write to it."""
RUNTIME_FOLDER = Path("/run/postward")
"""The service's alone: systemd makes it anew at each start, and no group of Postfix's stays on it."""


def is_ready(folder: Path, mail_owner: str) -> bool:
    """Tell whether a socket made in a folder gets the group of Postfix, whose user may enter it."""
    try:
        found, group = folder.stat(), pwd.getpwnam(mail_owner).pw_gid
    except (OSError, KeyError):
        return False
    wanted = stat.S_ISGID | stat.S_IXGRP
    return stat.S_ISDIR(found.st_mode) and found.st_mode & wanted == wanted and found.st_gid == group


def ready_folders(mail_owner: str) -> frozenset[Path]:
    """Those of the service's folders that need nothing more."""
    return frozenset(folder for folder in (SERVICE_FOLDER,) if is_ready(folder, mail_owner))


def is_runtime(path: str) -> bool:
    """Tell whether a socket lies in the folder that systemd makes for the service."""
    return Path(os.path.realpath(path)).parent == RUNTIME_FOLDER
