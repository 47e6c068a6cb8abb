# SPDX-License-Identifier: GPL-3.0-or-later
"""A delivered message says in words why it was judged so, and in no word of its own."""

from __future__ import annotations

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose

TRAP = "zebra-crossing"
"""Stands wherever a stranger can write."""


@pytest.fixture(scope="module")
def hostile(host):
    """A message full of the stranger's words, as it is delivered."""
    content = compose(
        f"Reply-To: {TRAP}@gmail.com",
        f"X-Mailer: {TRAP}",
        f"List-Unsubscribe: <http://{TRAP}.example/>",
        subject=f"=?utf-8?q?{TRAP}=0D=0AX-Spam-Flag:_NO?= FREE MONEY!!!",
        author=f'"{TRAP}@bank.example" <{TRAP}@bank.example>',
        body=f"Click http://203.0.113.99/{TRAP} or http://{TRAP}.bit.ly/x\n",
    )
    return Delivered(
        host.deliver(Letter(content=content, mail_from=f"{TRAP}@bulk.example", client=host.world.stranger))
    )


def test_the_reason_stands_there_in_words_the_heaviest_first(hostile):
    (reason,) = hostile.fields("X-Postward-Reason")
    reason = " ".join(reason.split())
    assert reason.startswith(f"junk (score {hostile.field('X-Spam-Score')}, junk from 5.0 on): DMARC fails, and the")
    assert "(+6.0); " in reason


def test_nothing_of_the_message_stands_in_the_fields_about_the_verdict(hostile):
    about = [value for name in ("Flag", "Score", "Level", "Status") for value in hostile.fields(f"X-Spam-{name}")]
    about += hostile.fields("X-Postward-Reason")
    assert len(about) == 5
    assert TRAP not in " ".join(about)
    assert "bank.example" not in " ".join(about)
    assert hostile.is_junk


def test_no_line_of_it_is_long(hostile):
    header = hostile.content.partition(b"\n\n")[0]
    lines = header.partition(b"X-Postward-Reason:")[2].split(b"\n")
    ours = [lines[0], *(line for line in lines[1:6] if line.startswith((b"\t", b" ")))]
    assert max(map(len, ours)) <= 78


def test_without_a_virus_scanner_nothing_is_said_of_viruses(hostile):
    assert hostile.fields("X-Virus-Status") == []
