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
        ("\u4f1a\u8b70\u306e\u8cc7\u6599\u306b\u3064\u3044\u3066\u306e\u304a\u77e5\u3089\u305b", []),
        ("", []),
    ],
)
def test_subject(subject, names):
    assert found(CHECK, letter(f"Subject: {subject}\n\n")) == names
