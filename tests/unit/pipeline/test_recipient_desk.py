# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.model.action import Reply
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.transaction import Transaction
from postward.pipeline.recipient_desk import RecipientDesk

ONE = Recipient(address=EnvelopeAddress("a@example.com"))
MESSAGE = Transaction("t1", started_s=0.0)
REFUSED = Reply(code=550, enhanced="5.1.1", text="no")


class Question:
    def __init__(self, remembered, found=None):
        self.remembered, self.found, self.asked = remembered, found, 0

    def recall(self, _transaction, _recipient):
        return self.remembered

    def judge(self, _transaction, _recipient):
        self.asked += 1
        return self.found


def test_without_questions_everybody_is_taken():
    assert RecipientDesk([]).recall(MESSAGE, ONE) is None


def test_the_first_refusal_counts_and_what_is_not_remembered_before_it_is_asked_first():
    unknown = Question(NOT_REMEMBERED)
    desk = RecipientDesk([Question(None), unknown, Question(REFUSED)])
    assert desk.recall(MESSAGE, ONE) is NOT_REMEMBERED
    assert desk.judge(MESSAGE, ONE) == REFUSED
    assert unknown.asked == 1


def test_nothing_is_asked_behind_a_refusal():
    unknown = Question(NOT_REMEMBERED)
    desk = RecipientDesk([Question(REFUSED), unknown])
    assert desk.recall(MESSAGE, ONE) == desk.judge(MESSAGE, ONE) == REFUSED
    assert unknown.asked == 0


def test_who_asks_may_take_the_recipient():
    assert RecipientDesk([Question(NOT_REMEMBERED), Question(None)]).judge(MESSAGE, ONE) is None
