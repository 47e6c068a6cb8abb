# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.patterns.words import find_word


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("cat", "a cat sat", True),
        ("cat", "cat", True),
        ("cat", "concatenate", False),
        ("cat", "concatenate cat", True),
        ("cat", "cat-like", True),
        ("cat", "cat2", False),
        ("äpfel", "zwei äpfel", True),
        ("äpfel", "granatäpfel", False),
        ("apfel", "apfelmuß", False),
        ("слово", "это слово!", True),
        ("слово", "словосочетание", False),
        ("[secure]", "re:[secure] x", True),
        ("[secure]", "x[secure]y", True),
        ("c++", "in c++ and", True),
        ("c++", "in c++11", True),
        ("c++", "objc++", False),
        ("", "x", True),
    ],
)
def test_words_have_unicode_boundaries(word, text, found):
    assert find_word(word, text) is found


def test_a_text_of_near_misses_takes_linear_time():
    assert not find_word("aa", "a" * 200_000)
