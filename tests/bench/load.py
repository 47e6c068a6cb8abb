# SPDX-License-Identifier: GPL-3.0-or-later
"""The load generator: built from the folder mload, run against the milters of one contender."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SOURCES = sorted((Path(__file__).parent / "mload").glob("*.c"))
_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What one run of the load has seen."""

    messages: int
    seconds: float
    accepted: int
    rejected: int
    tempfailed: int
    discarded: int
    errors: int
    """Sessions that broke."""
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the milters answered to one message."""

    index: int
    """Of the file."""
    code: str
    """The milter protocol's letter; ! where the session broke."""
    ms: float
    """From the connection to the answer."""
    added: tuple[tuple[str, str], ...]
    """Name and value of each field that was added; folds are spaces."""


@dataclass(frozen=True, slots=True)
class LoadGenerator:
    """The program, built in ``folder``."""

    folder: Path

    def build(self) -> None:
        """Compile it; raises MailHostError."""
        command = ["gcc", "-O2", "-o", str(self._program), *map(str, _SOURCES), "-lpthread"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MailHostError(f"the load generator cannot be built:\n{done.stderr}")

    def run(
        self, milters: Sequence[str], files: Sequence[Path], *, messages: int, sessions: int = 8, per_session: int = 1
    ) -> LoadResult:
        """Send ``messages``, the files in turn, over so many sessions at a time."""
        return parse_result(self._run(milters, files, f"-c{sessions}", f"-n{messages}", f"-k{per_session}"))

    def answers(self, milters: Sequence[str], files: Sequence[Path]) -> list[Answer]:
        """Send each file once, one after the other, and return what was answered."""
        return parse_answers(self._run(milters, files, "-v", "-c1", f"-n{len(files)}"))

    @property
    def _program(self) -> Path:
        return self.folder / "mload"

    def _run(self, milters: Sequence[str], files: Sequence[Path], *options: str) -> str:
        addresses = [f"-s{address}" for address in milters]
        command = [str(self._program), *addresses, *options, *map(str, files)]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise MailHostError(f"the load did not come to its end in {_TIMEOUT_S} s") from error
        output = done.stdout.decode("utf-8", "replace")
        if not output.endswith("}\n"):
            raise MailHostError(f"the load generator failed: {done.stderr.decode('utf-8', 'replace')}")
        return output


def parse_result(output: str) -> LoadResult:
    """Read the last line of the load generator's output."""
    told = json.loads(output.splitlines()[-1])
    return LoadResult(**{name: told[name] for name in LoadResult.__slots__})


def parse_answers(output: str) -> list[Answer]:
    """Read what was answered message by message, in the order of the files."""
    answers: list[Answer] = []
    for line in output.split("\n")[:-2]:
        sign, _, rest = line.partition(" ")
        if sign == "=":
            index, code, ms = rest.split()
            answers.append(Answer(index=int(index), code=code, ms=float(ms), added=()))
        elif sign in {"h", "i"}:
            name, _, value = rest.partition(":")
            last = answers[-1]
            answers[-1] = replace(last, added=(*last.added, (name, value.strip())))
    return sorted(answers, key=lambda answer: answer.index)
