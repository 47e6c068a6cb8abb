# SPDX-License-Identifier: GPL-3.0-or-later
"""The package once more, as an older version of itself: what an upgrade begins with."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OLD_VERSION = "0.0.9"


def make_previous_package(package: Path, folder: Path) -> Path:
    """Write ``package`` into ``folder`` with the version 0.0.9, which its program says too."""
    content = folder / "content"
    subprocess.run(["dpkg-deb", "--raw-extract", package, content], check=True)
    _change(content / "DEBIAN" / "control", r"(?m)^Version: .*$", f"Version: {OLD_VERSION}")
    [program] = content.glob("usr/lib/python3*/dist-packages/postward/__init__.py")
    _change(program, r'__version__ = ".*"', f'__version__ = "{OLD_VERSION}"')
    previous = folder / f"postward_{OLD_VERSION}_all.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", content, previous],
        check=True,
        capture_output=True,
    )
    return previous


def _change(file: Path, pattern: str, text: str) -> None:
    changed, count = re.subn(pattern, text, file.read_text(encoding="utf-8"))
    assert count == 1, f"{file} has no {pattern}"
    file.write_text(changed, encoding="utf-8")
