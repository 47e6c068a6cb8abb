# SPDX-License-Identifier: GPL-3.0-or-later
"""What the supervisor has loaded: it holds the socket for months, and nothing may go wrong in it."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
import postward.cli.run
sys.stdout.write(" ".join(sys.modules))
"""
HEAVY = {"redis", "pydantic", "yaml", "rich", "pycares", "sqlalchemy", "postward.config", "postward.store"}


def test_it_loads_neither_configuration_nor_redis():
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=120, check=True)
    modules = set(loaded.stdout.split())
    assert "postward.mta.supervisor" in modules
    assert not HEAVY & modules
