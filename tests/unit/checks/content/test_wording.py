# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.wording import CHARACTERS, Phrases, read_wording


def test_words_and_pairs_without_punctuation():
    wording = read_wording("Don't WAIT - it's 100% free!\nCafé")
    assert wording.words == {"dont", "wait", "its", "100%", "free", "café"}
    assert wording.line == " dont wait its 100% free café "


def test_only_the_beginning_is_read():
    assert read_wording("x " * CHARACTERS + "last").words == {"x"}
    assert read_wording("") == read_wording(" \n")
    assert read_wording("\udcff lone").words == {"lone"}


def test_each_phrase_counts_once():
    phrases = Phrases("bitcoin", "gift card", "risk free")
    wording = read_wording("Bitcoin, bitcoin, and a gift. Card games are not free of risk: gift-card.")
    assert phrases.count(wording) == 2
    assert phrases.are_in(wording)
    assert not phrases.are_in(read_wording("a card, a gift, free risk"))


@pytest.mark.parametrize("phrases", [["next of kin"], [""], ["a", "a"]])
def test_a_phrase_is_a_word_or_two(phrases):
    with pytest.raises(ValueError):
        Phrases(*phrases)
