# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/pictures: each is drawn for light and dark, needs nothing from elsewhere, and names files that there are."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[3]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture):
    return ET.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - a file of our own


def test_the_way_of_a_message_is_among_them():
    assert "way-of-a-message" in [picture.stem for picture in PICTURES]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_the_files_it_names_exist(picture):
    texts = [text.text for text in parsed(picture).iter(f"{SVG}text") if text.get("class") == "file"]
    named = [name for text in texts for name in text.split(", ")]
    assert named
    assert [name for name in named if not (ROOT / "milter" / "postward" / name).exists()] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_it_can_be_read_by_day_and_night_and_without_seeing_it(picture):
    source, root = picture.read_text(encoding="utf-8"), parsed(picture)
    assert "prefers-color-scheme: dark" in source
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert not re.search(r"<(script|image|use|a)\b|@import|@font-face|https?://(?!www\.w3\.org/2000/svg)", source)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_the_architecture_shows_it(picture):
    assert f"(pictures/{picture.name})" in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
