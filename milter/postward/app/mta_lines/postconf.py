# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask Postfix for its own configuration with postconf(1), which reads main.cf and master.cf as Postfix does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from postward.errors import PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Users other than root often have no sbin directory on their path.
_SBIN = "/usr/sbin:/usr/local/sbin:/opt/postfix/sbin"
_TIMEOUT_S = 20.0


class PostconfFailure(PermanentFailure):
    """Postconf could not tell the configuration; the text says why, in its own words."""


def find_postconf() -> Path | None:
    """Where postconf(1) is; None without Postfix."""
    found = shutil.which("postconf", path=f"{os.environ.get('PATH', os.defpath)}:{_SBIN}")
    return Path(found) if found else None


def run_postconf(postconf: Path, config_dir: Path | None, arguments: Sequence[str]) -> str:
    """Run postconf for the instance with that configuration directory (None: the default instance).

    Raises PostconfFailure.
    """
    instance = ["-c", str(config_dir)] if config_dir else []
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a program that was looked up
            [postconf, *instance, *arguments],
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env={"PATH": f"/usr/bin:/bin:{_SBIN}", "LC_ALL": "C"},
        )
    except OSError as error:
        raise PostconfFailure(f"{postconf} cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise PostconfFailure(f"{postconf} gave no answer in {_TIMEOUT_S:.0f} s") from error
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise PostconfFailure(lines[-1] if lines else f"{postconf} ended with status {done.returncode}")
    return done.stdout.decode(errors="replace")


def read_parameters(output: str) -> Mapping[str, str]:
    """``name = value`` lines; a value may be empty, a parameter that this Postfix does not know is absent."""
    parameters = {}
    for line in output.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            parameters[name.strip()] = value.strip()
    return parameters
