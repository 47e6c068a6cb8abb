# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.fold import fold_letters, fold_name


@pytest.mark.parametrize(
    "name",
    [
        "Bob Boss",
        "BOB BOSS",
        "Boss, Bob",
        "Bоb Boss",  # Cyrillic o
        "Воb Вoss",  # Cyrillic capital letters
        "Βob Βoss",  # Greek capital letters
        "Ｂｏｂ Ｂｏｓｓ",
        "𝐁𝐨𝐛 𝑩𝒐𝒔𝒔",
        "B0b B0ss",
        "Bób Bøss",
        "Bob\u200b Bo\u00adss",
        "\u202eBob Boss",
        '"Bob" Boss',
        "Bob  Boss (CEO)",
        "Bob Boss <bob@corp.example>",
        "Bob Boss bob@corp.example",
        "Bob.Boss",
        "[EXT] Bob Boss",
    ],
)
def test_names_that_look_like_one(name):
    assert fold_name(name) == fold_name("Bob Boss")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bill", "BiIl"),
        ("Michael", "Mіchаel"),
        ("Arnold", "Amold"),
        ("William", "VVilliam"),
        ("ΜΑΝΟΣ", "MANO\u03a3"),
        ("Νικη", "Nικη"),
        ("Hans", "Ηans"),
        ("Łukasz", "Lukasz"),
    ],
)
def test_letters_that_look_alike(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize("name", ["Bob Bass", "Bob", "Boss", "Rob Boss", "Bob Boss Junior", ""])
def test_other_names_are_others(name):
    assert fold_name(name) != fold_name("Bob Boss")


@pytest.mark.parametrize("name", ["", "...", "(CEO)", "bob@corp.example", "\u200b"])
def test_what_has_no_letters_is_no_name(name):
    assert fold_name(name) == ""


def test_folding_is_bounded():
    assert len(fold_letters("ﷺ" * 100_000)) < 20_000
