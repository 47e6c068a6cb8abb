# SPDX-License-Identifier: GPL-3.0-or-later
"""A message of the corpus through the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.quality.arrival import Standing
from tests.bench.quality.judging import judge
from tests.bench.quality.stored_corpus import Kind, stored_messages

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = b"""From offers@shop.example  Thu Aug 22 18:28:10 2002
Return-Path: <offers@shop.example>
Received: from shop.example (dial.isp.example [217.127.249.196]) by dogma.slashnull.org (8.11.6/8.11.6)
    with SMTP id g7TN99Z32723 for <zzzz@example.com>; Thu, 22 Aug 2002 18:25:09 +0100
Received: from mail.shop.example ([10.0.0.1]) by shop.example with SMTP id 1; Thu, 22 Aug 2002 18:25:00 +0100
From: offers@shop.example
To: zzzz@example.com
Subject: Offers
Date: Thu, 22 Aug 2002 18:20:00 +0100
Message-Id: <1@shop.example>
MIME-Version: 1.0
Content-Type: text/html

<form action="http://shop.example/">Buy</form>
"""


def test_a_message_is_judged_as_it_came_from_outside(tmp_path: Path) -> None:
    (tmp_path / "spam-1").mkdir()
    (tmp_path / "spam-1" / "00001.txt").write_bytes(MESSAGE)
    (stored,) = stored_messages(tmp_path)
    judged = judge(stored)
    assert (judged.name, judged.kind, judged.standing) == ("spam-1/00001.txt", Kind.SPAM, Standing.OUTSIDE)
    assert {name for name, _ in judged.symbols} == {"HTML_FORM", "HTML_WITHOUT_TEXT"}
    assert judged.score == sum(points for _, points in judged.symbols)
    assert judged.failed == ()
