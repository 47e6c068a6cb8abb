# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.disguised_words import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Buy V.I.A.G.R.A. and C I A L I S  N O W here", ["TEXT_GAPPY_WORDS"]),
        ("Your pa\u200bss\u200bword of micro\u200bsoft has ex\u200dpi\u2060red", ["TEXT_INVISIBLE_CHARACTERS"]),
        ("I hаve full аccess to уоur device аnd tо yоur contаcts", ["TEXT_MIXED_SCRIPTS"]),
    ],
)
def test_words_that_only_people_read(text, names):
    assert found(CHECK, plain(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "The house of A. B. C. Smith, and Plan B",
        "A B C D E F G is how it begins, and then comes the rest",
        "می\u200cخواهم و نمی\u200cدانم و می\u200cروم و می\u200cشود",
        "Family: 👨\u200d👩\u200d👧\u200d👦 👨\u200d👩\u200d👧\u200d👦",
        "\u200c \u200c \u200c \u200c \u200c preheader",
        "Мой iPhone и USB-порт не работают, а Wi-Fi работает",
        "Привет from Moscow. До встречи at ten.",
        "one\u200bword",
    ],
)
def test_near_misses(text):
    assert found(CHECK, plain(text)) == []
