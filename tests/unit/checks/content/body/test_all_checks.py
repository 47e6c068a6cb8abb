# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import pytest

from postward.checks.content.body import all_checks
from postward.checks.content.body.all_checks import BODY_CHECKS
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found, letter


def test_every_file_with_a_check_is_listed():
    folder = Path(all_checks.__file__).parent
    files = {file.stem for file in folder.glob("*.py") if "\nCHECK = " in file.read_text()}
    assert sorted(check.name for check in BODY_CHECKS) == sorted(files)


def test_symbols_are_declared_once_and_explain_themselves():
    symbols = [symbol for check in BODY_CHECKS for symbol in check.symbols]
    assert len({symbol.name for symbol in symbols}) == len(symbols)
    for symbol in symbols:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", symbol.name)
        assert symbol.group in {"body", "html", "links", "attachments"}
        assert symbol.meaning[0].islower()
        assert not symbol.meaning.endswith(".")


@pytest.mark.parametrize("check", BODY_CHECKS, ids=lambda check: check.name)
@pytest.mark.parametrize(
    "message",
    [
        plain("Hello Bob,\n\nshall we meet at ten in https://www.cafe.example/?\n\nAlice"),
        letter("Subject: x\n\nNo fields but one.\n"),
    ],
    ids=["common", "bare"],
)
def test_common_mail_has_nothing_to_be_found(check, message):
    assert found(check, message) == []


@pytest.mark.parametrize("check", BODY_CHECKS, ids=lambda check: check.name)
@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b--\n",
        b"Content-Type: text/html\n\n<a href='http://[::1'><a href='http://@%:99999999/#'><a href='data:'><a href=//>",
        b"Content-Type: text/html; charset=\xff\n\n<a href='http://xn--\xff.example/'>http://www.x..</a>\xff\n",
        b"Content-Type: application/zip; name=\xff\nContent-Transfer-Encoding: base64\n\nUEsDBA==\n",
    ],
)
def test_rubbish_is_survived(check, text):
    names = found(check, letter(text))
    assert len(names) == len(set(names))
