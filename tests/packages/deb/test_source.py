# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands twice, in setup.cfg and in packaging/deb, is the same in both."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from postward import __version__

ROOT = Path(__file__).parents[3]
DEB = ROOT / "packaging" / "deb"

# Where Debian's name is not python3- and the one of PyPI.
NAMES = {"google-re2": "python3-re2", "pymilter": "python3-milter", "pyspf": "python3-spf", "pyyaml": "python3-yaml"}
# Debian numbers it by date.
UNBOUNDED = {"python3-re2"}


def requirements():
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = [line for line in setup["options"]["install_requires"].splitlines() if line]
    for name, _, bound in (line.partition(">=") for line in lines):
        debian = NAMES.get(name.lower(), f"python3-{name.lower()}")
        yield debian if debian in UNBOUNDED else f"{debian} (>= {bound})"


def field(name):
    text = (DEB / "control").read_text(encoding="utf-8")
    found = re.search(rf"^{name}:(.*(?:\n .*)*)", text, re.MULTILINE)
    return [entry.strip() for entry in found[1].split(",")]


@pytest.mark.parametrize("name", ["Depends", "Build-Depends"])
def test_every_requirement_is_a_dependency_with_its_bound(name):
    assert set(requirements()) <= set(field(name))


def test_version_is_that_of_the_program():
    first = (DEB / "changelog").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(f"postward ({__version__}) ")
