# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.html_alone import CHECK
from tests.unit.checks.content.body.attaching import html, plain
from tests.unit.checks.content.letters import found, letter


def test_html_and_nothing_else():
    assert found(CHECK, html("<p>Buy</p>")) == ["HTML_WITHOUT_TEXT"]


def test_text_alone():
    assert found(CHECK, plain("Buy")) == []


def test_text_and_html():
    message = letter(
        """
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain

        Buy
        --b
        Content-Type: text/html

        <p>Buy</p>
        --b--
        """
    )
    assert found(CHECK, message) == []
