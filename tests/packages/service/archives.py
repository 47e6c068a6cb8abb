# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt needs to install packages in a booted root, which has no network: their files, in its cache beforehand."""

from __future__ import annotations

import fcntl
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packages.debian_root import DebianRoot

CACHE = "var/cache/apt/archives"


def fetch_archives(root: DebianRoot, shared: Path, *packages: str) -> None:
    """Let apt of a root fetch all that these packages need; ``shared`` keeps it for the next root."""
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _copy(shared, root.folder / CACHE)
        root.run(
            "apt-get", "-q", "-y", "--no-install-recommends", "--download-only", "--reinstall", "install", *packages
        )
        _copy(root.folder / CACHE, shared)


def _copy(source: Path, target: Path) -> None:
    for archive in source.glob("*.deb"):
        if not (target / archive.name).exists():
            shutil.copy2(archive, target)
