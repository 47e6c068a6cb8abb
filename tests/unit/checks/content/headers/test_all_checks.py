# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import pytest

from postward.checks.content import headers
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from tests.unit.checks.content.letters import letter

GROUPS = {"headers", "sender", "subject", "bulk"}
HOSTILE = [
    b"", b"\xff\xfe\x00" * 40, b"=?utf-8?B?" + b"A" * 500, b"=?utf-8?q?" + b"=" * 500 + b"?=", b"<" * 400, b"(" * 400,
    b'"' * 399, b"%{[$" * 100, b"xn--@xn--.xn--", b"<@>,<@@>;:", b"@" * 300, b"[" * 300, b"Re:" * 200,
    b"a@" + b"b." * 200 + b"c", "\u0430\u200b\u202e".encode() * 100,
]  # fmt: skip
FIELDS = [
    b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Reply-To", b"Received", b"X-Mailer", b"List-Unsubscribe",
    b"X-PHP-Script", b"Content-Type", b"X-Priority", b"X-Spam-Flag", b"Precedence",
]  # fmt: skip


def test_each_file_with_a_check_is_there_once():
    folder = Path(headers.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\nCHECK = ContentCheck(" in path.read_text(encoding="utf-8")}
    assert sorted(check.name for check in HEADER_CHECKS) == sorted(files)


def test_symbols_are_declared_once_and_in_plain_words():
    symbols = [symbol for check in HEADER_CHECKS for symbol in check.symbols]
    assert len({symbol.name for symbol in symbols}) == len(symbols) >= 22
    for symbol in symbols:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", symbol.name)
        assert symbol.group in GROUPS
        # 0 where good mail has it as often: it tells something, and may count in a composite.
        assert symbol.score >= 0
        assert symbol.meaning[0].islower() or symbol.meaning.startswith("MIME")
        assert not symbol.meaning.endswith(".")


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_somebody_writes_raises(value):
    text = b"".join(name + b": " + value + b"\r\n" for name in FIELDS) + b"\r\n"
    hostile = value.decode("utf-8", "surrogateescape")
    for sender in (hostile, ""):
        message = letter(text, sender=sender, helo=hostile, recipients=(hostile, "bob@example.com"))
        for check in HEADER_CHECKS:
            for finding in check.find(message):
                assert len(finding.detail) <= 200
