# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.false_reply import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    "text", ["Subject: Re: your payment\n", "Subject: RE[2]: your payment\n", "Subject: =?utf-8?q?AW:_Angebot?=\n"]
)
def test_an_answer_to_nothing(text):
    assert found(CHECK, letter(f"{text}\n")) == ["REPLY_TO_NOTHING"]


@pytest.mark.parametrize(
    "text",
    [
        "Subject: Re: your payment\nIn-Reply-To: <1@example.com>\n",
        "Subject: Re: your payment\nReferences: <1@example.com>\n",
        "Subject: Re: your payment\nThread-Index: AdQ=\n",
        "Subject: Re: your question\nAuto-Submitted: auto-replied\nPrecedence: bulk\n",
        "Subject: Re: your payment\nList-Id: <l.lists.example>\n",
        "Subject: Fwd: your payment\n",
        "Subject: Regarding: your payment\n",
        "Subject: Re your payment\n",
        "From: alice@sender.example\n",
    ],
)
def test_others(text):
    assert found(CHECK, letter(f"{text}\n")) == []
