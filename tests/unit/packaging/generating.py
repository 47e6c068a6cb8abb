# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs packaging/generate.py as whoever builds a package does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
DAY = "1764000000"
"""A day of 2025, by SOURCE_DATE_EPOCH."""


def generate(kind, folder, **environment):
    """The files below ``folder`` by name; run from another folder and without what the caller's environment has."""
    command = [sys.executable, "-B", ROOT / "packaging" / "generate.py", kind, folder]
    clean = {"PATH": os.defpath, "PYTHONPATH": str(ROOT / "milter"), "SOURCE_DATE_EPOCH": DAY, **environment}
    subprocess.run(command, check=True, cwd="/", env=clean)
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
