# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.html_as_text import CHECK
from tests.unit.checks.content.body.attaching import html, plain
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize("text", ["<HTML><BODY>Buy</BODY></HTML>", "\n\n <!DOCTYPE html>\n<html>", "<table width=600>"])
def test_code_in_place_of_text(text):
    assert found(CHECK, plain(text)) == ["TEXT_IS_HTML"]


@pytest.mark.parametrize(
    "text", ["Write <html> first, then <body>.", "<alice@example.com> wrote:\n> Hello", "<http://example.com/>", ""]
)
def test_near_misses(text):
    assert found(CHECK, plain(text)) == []


def test_html_that_says_so():
    assert found(CHECK, html("Buy")) == []
