# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/decisions: each page has its three parts and its line in the index, and names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "decisions"
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Consequences"]
MOST_LINES = 60
LINE = re.compile(r"- \[(\d{4})\]\((\S+)\): (.+)")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`([\w./]+(?:\.(?:py|yml|json|toml|cfg|yaml)|/))`")
TASK = re.compile(r"`make ([a-z-]+)`")


def test_they_are_numbered_and_stand_in_the_index_by_their_titles():
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in PAGES]
    listed = [(file, f"# {int(number)}. {title}".casefold()) for number, file, title in LINE.findall(INDEX)]
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))
    assert listed == [(page.name, title.casefold()) for page, title in zip(PAGES, titles, strict=True)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_is_one_page_of_three_parts(page):
    text = page.read_text(encoding="utf-8")
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    assert len(head.splitlines()) == len(["title", ""])
    assert [part.splitlines()[0] for part in parts] == PARTS
    assert all(part.partition("\n")[2].strip() for part in parts)
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_it_names_exists(page):
    text = page.read_text(encoding="utf-8")
    missing_links = [link for link in LINK.findall(text) if not (FOLDER / link).exists()]
    places = (ROOT, ROOT / "milter" / "postward", ROOT / "milter" / "postward" / "dns" / "network")
    missing_files = [name for name in NAMED.findall(text) if not any((place / name).exists() for place in places)]
    tasks = (ROOT / "Makefile").read_text(encoding="utf-8").split()
    assert (missing_links, missing_files) == ([], [])
    assert [task for task in TASK.findall(text) if task not in tasks] == []
