# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.image_only import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.body.attaching import html
from tests.unit.checks.content.letters import found, letter

PASS = DmarcResult(status=DmarcStatus.PASS)

IMAGE = '<a href="https://pills.example/"><img src="https://pills.example/a.png"></a>'


def test_a_picture_with_a_link():
    assert found(CHECK, html(f"{IMAGE}<br>Unsubscribe")) == ["HTML_IMAGE_ONLY"]


def test_a_picture_in_a_text():
    assert found(CHECK, html(f"<p>{'All of this is to be read. ' * 8}</p>{IMAGE}")) == []


def test_a_photograph_from_a_friend():
    assert found(CHECK, html('<img src="cid:holiday">')) == []


def test_a_short_answer_above_the_sign_of_a_firm():
    body = f"<p>Fine, thanks!</p>{IMAGE}"
    text = f"From: a@sender.example\nIn-Reply-To: <1@example.com>\nContent-Type: text/html\n\n{body}\n"
    assert found(CHECK, letter(text, dmarc=PASS)) == []
    assert found(CHECK, letter(text)) == ["HTML_IMAGE_ONLY"]
