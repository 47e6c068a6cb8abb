# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.odd_characters import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        ("Your pass\u200bword ex\u200bpires", ["INVISIBLE_CHARACTERS"]),
        ("Acc\u00adount", ["INVISIBLE_CHARACTERS"]),
        ("invoice\u202efdp.exe", ["INVISIBLE_CHARACTERS"]),
        ("P\u0430ypal acc\u043eunt", ["MIXED_SCRIPT_WORD"]),
        ("\u0410pple ID", ["MIXED_SCRIPT_WORD"]),
        ("Micr\u03bfsoft", ["MIXED_SCRIPT_WORD"]),
        ("\U0001d5e8\U0001d5ff\U0001d5f4\U0001d5f2\U0001d5fb\U0001d601", ["STYLED_LETTERS"]),
        ("\uff26\uff32\uff25\uff25 gift", ["STYLED_LETTERS"]),
        # As Japanese firms write their names.
        ("\uff21\uff22\uff23\u30de\u30a4\u30ec\u30fc\u30b8", []),
        # A number from an address book, and a name in a sentence of another direction.
        ("Call \u202a+49 30 5550100\u202c", []),
        ("\u0645\u0648\u0639\u062f \u2068Zoom\u2069", []),
        # Emoji are joined by one, Persian words are parted by one, and headings end in one.
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 Family day", []),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", []),
        ("News \u200c \u200c", []),
        ("\u041f\u0440\u0438\u0432\u0435\u0442 from Moscow", []),
        ("SMS-\u0440\u0430\u0441\u0441\u044b\u043b\u043a\u0430", []),
        ("iPhone\u043e\u0432 \u0438 PDF\u043a\u0438", []),
        ("Energy of 5\u03bcm and \u03b1Fe", []),
        ("Gr\u00fc\u00dfe aus K\u00f6ln", []),
        ("2\u2120 H\u2082O", []),
        ("Plain", []),
    ],
)
def test_subject(subject, names):
    assert found(CHECK, letter(f"Subject: {subject}\n\n")) == names


def test_the_name_counts_too():
    assert found(CHECK, letter("From: Pay\u200bPal <x@evil.example>\n\n")) == ["INVISIBLE_CHARACTERS"]
    assert found(CHECK, letter("From: J\u00fcrgen <j@sender.example>\n\n")) == []
