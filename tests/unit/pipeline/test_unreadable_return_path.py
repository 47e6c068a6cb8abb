# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.transaction import Transaction
from postward.pipeline.known_recipient import NOT_LOOKED_UP, UNKNOWN_RECIPIENT
from postward.pipeline.unreadable_return_path import UnreadableReturnPath
from postward.signing.return_path import ReturnPathSettings, ReturnPathStyle

MESSAGE = Transaction("t1", started_s=0.0)
DOMAINS = frozenset({"example.com"})
BATV = ReturnPathSettings(style=ReturnPathStyle.BATV, domains=DOMAINS)
VERP = ReturnPathSettings(style=ReturnPathStyle.VERP, domains=DOMAINS, bounce_domain="bounce.example.com")


class Question:
    def __init__(self, answer):
        self.answer = answer

    def recall(self, _transaction, _recipient):
        return self.answer

    def judge(self, _transaction, _recipient):
        return self.answer


@pytest.mark.parametrize(
    ("settings", "address", "answer"),
    [
        (BATV, "prvs=0123abcdef=alice@example.com", NOT_LOOKED_UP),
        (BATV, "PRVS=0123abcdef=alice@EXAMPLE.com", NOT_LOOKED_UP),
        (BATV, "alice@example.com", UNKNOWN_RECIPIENT),
        (BATV, "prvs=0123abcdef=alice@example.org", UNKNOWN_RECIPIENT),
        (VERP, "b+a.token@bounce.example.com", NOT_LOOKED_UP),
        (VERP, "b+a.token@example.com", UNKNOWN_RECIPIENT),
    ],
)
def test_what_may_be_a_genuine_return_path_is_put_off(settings, address, answer):
    recipient = Recipient(address=EnvelopeAddress(address))
    question = UnreadableReturnPath(Question(UNKNOWN_RECIPIENT), settings)
    assert question.recall(MESSAGE, recipient) == question.judge(MESSAGE, recipient) == answer


def test_what_would_be_taken_is_taken_and_what_has_to_be_asked_is_asked():
    recipient = Recipient(address=EnvelopeAddress("prvs=0123abcdef=alice@example.com"))
    assert UnreadableReturnPath(Question(None), BATV).judge(MESSAGE, recipient) is None
    assert UnreadableReturnPath(Question(NOT_REMEMBERED), BATV).recall(MESSAGE, recipient) is NOT_REMEMBERED
