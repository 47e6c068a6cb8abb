# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/why.md explains each answer that Postward gives to a client, and no other."""

from __future__ import annotations

import ast
import re

from tests.docs.pages import ROOT, text_of

PACKAGE = ROOT / "milter" / "postward"
ANSWERING = {"Reply", "Defer", "Reject"}


def answers_in_the_code():
    """Each answer that is written out in the code, as the client sees it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                not isinstance(node, ast.Call)
                or getattr(node.func, "attr", getattr(node.func, "id", "")) not in ANSWERING
            ):
                continue
            given = {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
            if {"code", "enhanced", "text"} <= given.keys():
                yield f"{given['code']} {given['enhanced']} {given['text']}"


def test_each_answer_is_explained():
    table = text_of("docs/why.md").partition("## From the answer")[2]
    explained = {answer for answer in re.findall(r"`([45]\d\d \d\.\d\.\d [^`]+)`", table) if "..." not in answer}
    assert explained == set(answers_in_the_code())
