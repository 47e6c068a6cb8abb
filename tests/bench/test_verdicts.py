# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from tests.bench.corpus import CorpusMessage
from tests.bench.load import Answer
from tests.bench.verdicts import passes, results, shortfalls

_FIELD = "mx.example; \tdkim=pass (2048-bit key; dkim=fail) header.d=a.example; \tspf=fail smtp.mailfrom=a.example"


def field(value: str) -> tuple[str, str]:
    return "Authentication-Results", value


def answer(index: int, *values: str) -> Answer:
    fields = tuple(("Authentication-Results", value) for value in values)
    return Answer(index=index, code="c", ms=1.0, added=fields)


def message(**expected: str) -> CorpusMessage:
    return CorpusMessage(content=b"", client="", client_name="", helo="", mail_from="", expected=expected)


def test_results_of_one_field() -> None:
    assert results([("authentication-results", _FIELD)]) == {"dkim": "pass", "spf": "fail"}


def test_results_of_several_fields() -> None:
    added = [
        ("Authentication-Results", "mx; dkim=none"),
        ("Authentication-Results", "mx; dmarc=pass (p=none dis=none)"),
    ]
    assert results([*added, ("X-Spam-Status", "No; spf=pass")]) == {"dkim": "none", "dmarc": "pass"}


def test_one_pass_settles_a_method() -> None:
    assert results([field("mx; spf=pass smtp.mailfrom=a; spf=none smtp.helo=b")]) == {"spf": "pass"}
    assert results([field("mx; dkim=fail; dkim=pass header.d=b")]) == {"dkim": "pass"}


def test_quoted_words_are_no_results() -> None:
    assert results([field('mx; dkim=fail reason="x; spf=pass"')]) == {"dkim": "fail"}


def test_passes() -> None:
    assert passes([{"spf": "pass", "dkim": "none"}, {"spf": "pass"}]) == {"spf": 2}


def test_nothing_falls_short() -> None:
    assert shortfalls([answer(0, "mx; spf=pass; dkim=fail")], [message(spf="pass", dkim="fail")], ("spf", "dkim")) == []


def test_missing_and_undue_passes_fall_short() -> None:
    answers = [answer(0, "mx; spf=temperror; dkim=pass"), answer(1, "mx; spf=pass; dkim=pass")]
    messages = [message(spf="pass", dkim="pass"), message(spf="pass", dkim="fail")]
    assert shortfalls(answers, messages, ("spf", "dkim")) == [
        "spf: 1 pass of 2 expected",
        "dkim: 2 pass of 1 expected",
    ]
