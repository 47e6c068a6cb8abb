# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder with a fresh Debian 13, made by packaging/debian-root; a command in it leaves nothing running or mounted."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCRIPT = Path(__file__).parents[2] / "packaging" / "debian-root"


class CommandFailedError(AssertionError):
    """A command in a root ended with another status than 0; the text has all that it said."""


@dataclass(frozen=True)
class DebianRoot:
    """A root in ``folder``.

    /usr/sbin/policy-rc.d keeps services from being started; a test that boots the root removes it first.
    """

    folder: Path

    def run(
        self,
        *command: str,
        check: bool = True,
        env: Mapping[str, str] | None = None,
        network: bool = True,
        stdin: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run ``command`` in the root, with a clean environment and ``env``; without ``network`` it has loopback alone.

        Raises:
            CommandFailedError: it failed, where ``check`` is set.

        """
        done = subprocess.run(
            [
                "sh", str(SCRIPT), "run", *([] if network else ["--no-network"]), str(self.folder),
                *(f"{name}={value}" for name, value in (env or {}).items()), *command,
            ],
            input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise CommandFailedError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def install(self, *packages: str) -> str:
        """Install packages by apt: a name, or a path in the root that begins with ``/``.  Returns what apt said."""
        return self.run(
            "apt-get", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", "install", *packages
        ).stdout

    def path(self, path: str) -> Path:
        """Where ``path`` of the root is on this host."""
        return self.folder / path.lstrip("/")

    def put(self, path: str, text: str, mode: int = 0o644) -> Path:
        """Write a file in the root, with the folders above it."""
        file = self.path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return file


def debian_root(folder: Path, *, packages: Sequence[str] = ()) -> DebianRoot:
    """Make a Debian 13 with ``packages`` in ``folder``, which must not exist; fast where the cache has such a base."""
    done = subprocess.run(
        ["sh", str(SCRIPT), "make", str(folder), *packages], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CommandFailedError(f"no Debian root in {folder}:\n{done.stdout}{done.stderr}")
    return DebianRoot(folder)
