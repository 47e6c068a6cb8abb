# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.subject_shouting import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        ("PROTECT YOUR COMPUTER AGAINST VIRUSES", ["SUBJECT_ALL_CAPITALS"]),
        ("Re: [list] PROTECT YOUR COMPUTER NOW 21198", ["SUBJECT_ALL_CAPITALS"]),
        ("=?utf-8?q?=C3=9CBERPR=C3=9CFEN_SIE_IHR_KONTO?=", ["SUBJECT_ALL_CAPITALS"]),
        ("You have won!!", ["SUBJECT_EXCLAIMS"]),
        ("Act! Now! Today!", ["SUBJECT_EXCLAIMS"]),
        ("OPEN THIS LETTER NOW!!!", ["SUBJECT_EXCLAIMS", "SUBJECT_ALL_CAPITALS"]),
        ("Thanks! See you!", []),
        ("ANN: ISO 27001", []),
        ("NASA, ESA and JAXA meet", []),
        ("OK", []),
        # One word of Latin letters among such as have no capitals.
        (
            "\u3010\u91cd\u8981\u3011 VPN \u88c5\u7f6e \u5b9a\u671f\u306e\u304a\u77e5\u3089\u305b",
            [],
        ),
        ("\u5173\u4e8e ERP \u7cfb\u7edf \u5347\u7ea7\u7ef4\u62a4\u7684\u901a\u77e5 \u8bf7\u67e5\u6536\u9644\u4ef6", []),
        ("\u4f1a\u8b70\u306e\u8cc7\u6599\u306b\u3064\u3044\u3066\u306e\u304a\u77e5\u3089\u305b", []),
        ("", []),
    ],
)
def test_subject(subject, names):
    assert found(CHECK, letter(f"Subject: {subject}\n\n")) == names
