# SPDX-License-Identifier: GPL-3.0-or-later
"""The site is built without a warning, and a link or an anchor that leads nowhere is one."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT


@pytest.fixture
def project(tmp_path):
    """What the site is made from, to be changed."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.split("\0"):
        if name.endswith((".md", ".yaml", ".yml", ".css")) or name.startswith(("docs/", "packaging/site/", "LICENSE")):
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copyfile(ROOT / name, target)
    return tmp_path


def add(project, text):
    page = project / "docs" / "README.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def build(folder, *options):
    # Not --quiet: MkDocs then counts no warnings either.
    command = [sys.executable, "-m", "mkdocs", "build", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_files_outside_of_docs_are_taken_along(project):
    add(project, "[the reference](../conf/postward.yaml) and [why](../README.md)")
    assert build(project).returncode == 0
    page = (project / "build" / "docs" / "index.html").read_text(encoding="utf-8")
    assert '<a href="project/conf/postward.yaml">the reference</a>' in page
    assert '<a href="project/index.html">why</a>' in page
    assert (project / "build" / "docs" / "project" / "conf" / "postward.yaml").is_file()


def test_what_leads_nowhere_fails_the_build_and_so_does_a_page_that_nobody_finds(project):
    links = ["not-there.md", "../conf/not-there.yaml", "keys.md#no-such-heading", "#no-such-heading-here"]
    add(project, " ".join(f"[x]({link})" for link in links))
    (project / "docs" / "lost.md").write_text("# Lost\n", encoding="utf-8")
    done = build(project, "--strict")
    assert done.returncode != 0
    assert [each for each in (*links, "lost.md") if each not in done.stderr] == []
