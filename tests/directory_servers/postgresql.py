# SPDX-License-Identifier: GPL-3.0-or-later
"""A private PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.mailhost import stopped
from tests.mailhost.unprivileged import GROUP, USER, hand_over


@dataclass(slots=True)
class PostgreSql:
    """One cluster in the folder ``root``, with the data base ``postgres`` and no password."""

    root: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postward@/postgres?host={self.root}"

    def __enter__(self) -> Self:
        self.root.mkdir()
        hand_over(self.root)
        self._run("initdb", "-U", "postward", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it accepts connections."""
        options = f"-c listen_addresses='' -c fsync=off -c shared_buffers=16MB -k {self.root}"
        self._run("pg_ctl", "start", "-w", "-l", f"{self.root}/log", "-o", options)

    def stop(self) -> None:
        """End it and all its connections; does nothing when it does not run."""
        if (self._data / "postmaster.pid").exists():
            self.go_on()
            self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def hang(self) -> None:
        stopped.hang(self._pid)

    def go_on(self) -> None:
        stopped.go_on(self._pid)

    @property
    def _data(self) -> Path:
        return self.root / "data"

    @property
    def _pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_found(program), "-D", self._data, *arguments],
            user=USER, group=GROUP, extra_groups=[], cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, timeout=120,
        )  # fmt: skip


def _found(program: str) -> str:
    """Debian keeps every version's programs in a folder of its own and off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(program)
    assert found is not None, f"{program} is needed for these tests (Debian: postgresql)"
    return found
