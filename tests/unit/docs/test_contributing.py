# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/contributing: the files that the pages name are there, and so is what the pages say stands in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "contributing"
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted(FOLDER.glob("*.md"))}
EXAMPLES = {
    "parcel_fee.py",
    "test_parcel_fee.py",
    "reply_elsewhere.py",
    "reply_elsewhere.md",
    "test_reply_elsewhere.py",
}
"""Of what the reader is to write."""
PATH = re.compile(r"`([a-z][\w./-]*/[\w./-]*|[a-z_]+\.(?:py|md|yml)|[A-Z]+\.md)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
NAME = re.compile(r"`(_?[A-Z][A-Za-z_]+|[a-z]+_[a-z_]+(?:\(\))?)`")
TASK = re.compile(r"sh packaging/bootstrap (\w+)(.*)|`make (\w+)")
MOST_LINES = 80
FOLDERS = (
    ".", "tests/unit/checks/content", "tests/unit/checks/content/body", "tests/unit/rules",
    "milter/postward/rules/conditions", "milter/postward/rules/conditions/attributes",
)  # fmt: skip
"""Where a file is meant of which the page has named the folder."""


def is_there(path):
    if "NAME" in path or Path(path).name in EXAMPLES:
        return True
    return any((ROOT / folder / path).exists() for folder in FOLDERS)


def test_there_is_a_page_for_each():
    assert list(PAGES) == ["action", "check", "condition", "plugin"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if f"(docs/contributing/{page}.md)" not in contributing] == []


@pytest.mark.parametrize("page", PAGES)
def test_it_is_one_page_and_names_files_that_there_are(page):
    text = PAGES[page]
    assert len(text.splitlines()) <= MOST_LINES
    assert len(PATH.findall(text)) > len(EXAMPLES)
    assert [path for path in PATH.findall(text) if not is_there(path)] == []
    assert [link for link in LINK.findall(text) if not (FOLDER / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_tasks_and_the_folders_that_they_are_given_exist(page):
    tasks = (ROOT / "Makefile").read_text(encoding="utf-8").split()
    for task, arguments, target in TASK.findall(PAGES[page]):
        assert (task or target) in tasks
        assert [path for path in arguments.split() if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_names_of_the_code_stand_in_a_file_that_the_page_names(page):
    text = PAGES[page]
    files = [ROOT / path for path in PATH.findall(text) if (ROOT / path).is_file()]
    folders = [ROOT / path for path in PATH.findall(text) if (ROOT / path).is_dir()]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    code += "".join(file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py"))
    own = {"parcel_fee", "message_id", "lower_priority", "reply_elsewhere"}
    named = {name.removesuffix("()") for name in NAME.findall(text)} - own
    assert [name for name in sorted(named) if name not in code] == []
