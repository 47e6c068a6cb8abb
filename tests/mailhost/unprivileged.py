# SPDX-License-Identifier: GPL-3.0-or-later
"""Run Postward as an account without rights, as a service does: root would hide faults."""

from __future__ import annotations

import os
import pwd
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postward
from tests.mailhost.failure import MailHostError
from tests.mailhost.scratch import everyone_may_reach

USER = "nobody"
GROUP = pwd.getpwnam(USER).pw_gid

_PACKAGE = Path(postward.__file__).parent
# What pip has compiled comes along: compiling anew, Python warns on standard error about some libraries.
_DEVELOPMENT_ONLY = ("mypy*", "ruff*", "pip*", "hypothesis*", "pytest*", "_pytest*", "xdist*", "grimp*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """How the unprivileged account starts ``postward``."""

    command: tuple[str, ...]
    environment: dict[str, str]


def hand_over(path: Path) -> None:
    """Make the unprivileged account the owner of ``path``; that is ourselves where we are not root."""
    if os.geteuid() == 0:
        os.chown(path, pwd.getpwnam(USER).pw_uid, GROUP)


def as_unprivileged() -> dict[str, Any]:
    """What subprocess wants so that a program runs as the unprivileged account; whoever is not root stays who he is."""
    return {"user": USER, "group": GROUP, "extra_groups": []} if os.geteuid() == 0 else {}


def reachable_installation(scratch: Path) -> Installation:
    """Find Postward for the unprivileged account; where it cannot enter the checkout, copy what is needed.

    A checkout in root's home folder is closed to all other accounts.
    """
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    libraries = Path(sysconfig.get_paths()["purelib"])
    if everyone_may_reach(_PACKAGE) and everyone_may_reach(libraries):
        python = sys.executable
        environment["PYTHONPATH"] = str(_PACKAGE.parent)
    else:
        python = _system_python()
        environment["PYTHONPATH"] = str(_copy(libraries, scratch / "site"))
    return Installation(command=(python, "-m", "postward"), environment=environment)


def _system_python() -> str:
    python = Path(sys.executable).resolve()
    if not everyone_may_reach(python.parent):
        raise MailHostError(f"{python} lies in a folder that the account {USER} cannot enter")
    return str(python)


def _copy(libraries: Path, target: Path) -> Path:
    if not target.exists():
        shutil.copytree(libraries, target, ignore=shutil.ignore_patterns(*_DEVELOPMENT_ONLY))
        shutil.copytree(_PACKAGE, target / "postward", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        _open_up(target)
    return target


def _open_up(target: Path) -> None:
    """What was copied keeps its modes, which may be closed by a strict umask."""
    for folder, _names, files in os.walk(target):
        Path(folder).chmod(0o755)
        for name in files:
            Path(folder, name).chmod(0o644)
