# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who follows a page: runs its commands, writes its YAML into postward.yaml, and waits for a reload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.docs.pages import blocks, text_of

if TYPE_CHECKING:
    from tests.packages.booted import BootedRoot

_FOLLOW = "journalctl --follow --lines=all --output=cat --unit=postward"
CONFIGURATION = "/etc/postward/postward.yaml"


class Follower:
    """Works in a booted root, in root's home."""

    def __init__(self, root: BootedRoot) -> None:
        self.root = root
        self._generations = 1

    def run(self, line: str, *, status: int = 0) -> str:
        """Run one line of a page, and hold it to its exit status; a question of apt is answered with yes."""
        done = self.root.run("sh", "-c", f"cd /root\nexec 2>&1\n{line}", check=False, stdin="y\n")
        assert done.returncode == status, f"{line}: status {done.returncode}\n{done.stdout}"
        if line == "systemctl reload postward":
            self._await_reload()
        return done.stdout

    def write(self, text: str) -> None:
        """Put lines into the configuration; those of a section below its name, which stands there already."""
        path = self.root.root.path(CONFIGURATION)
        before = path.read_text(encoding="utf-8")
        name, _, keys = text.partition("\n")
        section = f"\n{name}\n"
        has_section = section in before
        path.write_text(before.replace(section, f"{section}{keys}") if has_section else before + text, encoding="utf-8")

    def take_out(self, line: str) -> None:
        path = self.root.root.path(CONFIGURATION)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(each for each in lines if each.strip() != line), encoding="utf-8")

    def _await_reload(self) -> None:
        self._generations += 1
        # It ends with its standard input: what runs inside does not end with the nsenter that brought it there.
        journal = self.root.start("sh", "-c", f"{_FOLLOW} & cat >/dev/null; kill $!")
        assert journal.stdout is not None
        wanted = f"event=generation.ready number={self._generations} "
        found = any(wanted in line or "event=generation.refused" in line for line in journal.stdout)
        journal.communicate("")
        assert found
        assert "generation.refused" not in self.root.journal()


def steps(page: str, kind: str, begin: str, end: str) -> list[str]:
    """Give the blocks of that kind between two headings of a page."""
    lines = {block.line: block.text for block in blocks(page) if block.kind == kind}
    text = text_of(page)
    first, last = (text.count("\n", 0, text.index(f"\n## {heading}")) + 2 for heading in (begin, end))
    return [content for line, content in lines.items() if first <= line < last]


def commands(page: str, begin: str, end: str) -> list[str]:
    """Give each line that a page has the operator run between two headings."""
    return [
        line for block in steps(page, "console", begin, end) for line in block.splitlines() if re.match(r"\S", line)
    ]
