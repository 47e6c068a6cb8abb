# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.transaction import Transaction
from postward.pipeline.bounce_question import FORGED, BounceQuestion
from postward.pipeline.known_recipient import UNKNOWN_RECIPIENT
from postward.pipeline.restored_recipient import RestoredRecipient
from postward.signing.feedback_keys import FeedbackKeys
from postward.signing.feedback_token import DAY_S
from postward.signing.return_path import ReturnPaths, ReturnPathSettings, ReturnPathStyle

NOW_S = 1_700_000_000.0
OWN = "alice@example.com"
PATHS = ReturnPaths(
    ReturnPathSettings(style=ReturnPathStyle.BATV, domains=frozenset({"example.com"})), FeedbackKeys.of(b"k" * 32)
)
PATH = PATHS.make(OWN, "", NOW_S)
QUESTION = BounceQuestion(PATHS)


def transaction(*, sender="", now_s=NOW_S):
    one = Transaction("t1", started_s=now_s)
    one.sender = Sender(address=EnvelopeAddress(sender))
    return one


def to(address):
    return Recipient(address=EnvelopeAddress(address), arguments=("NOTIFY=NEVER",))


def answer(address, **more):
    reply = QUESTION.recall(transaction(**more), to(address))
    assert QUESTION.judge(transaction(**more), to(address)) == reply
    return reply


@pytest.mark.parametrize("address", [PATH, PATH.upper(), OWN, "prvs=x=bob@example.net", "", "postmaster"])
def test_what_is_genuine_or_none_of_ours_is_taken(address):
    assert answer(address) is None


@pytest.mark.parametrize("sender", ["", "eve@x.example"])
def test_what_we_did_not_make_is_refused_whoever_sends(sender):
    assert answer(PATH.replace("alice", "bob"), sender=sender) == FORGED
    assert answer("prvs=x@example.com", sender=sender) == FORGED
    assert (FORGED.code, FORGED.enhanced) == (550, "5.1.1")


def test_what_has_expired_is_refused():
    assert answer(PATH, now_s=NOW_S + 10 * DAY_S) is None
    assert answer(PATH, now_s=NOW_S + 11 * DAY_S) == FORGED


class Known:
    """Knows OWN alone, after having been asked."""

    def recall(self, _transaction, recipient):
        return None if recipient == to(OWN) else NOT_REMEMBERED

    def judge(self, _transaction, recipient):
        return None if recipient == to(OWN) else UNKNOWN_RECIPIENT


@pytest.mark.parametrize("address", [OWN, PATH])
def test_the_directory_is_asked_about_whom_a_bounce_is_for(address):
    question = RestoredRecipient(Known(), PATHS)
    assert question.recall(transaction(), to(address)) is None
    assert question.judge(transaction(), to(address)) is None


@pytest.mark.parametrize(
    "address", ["bob@example.com", PATH.replace("alice", "bob"), PATHS.make("bob@example.com", "", NOW_S)]
)
def test_and_about_others_as_they_are(address):
    question = RestoredRecipient(Known(), PATHS)
    assert question.recall(transaction(), to(address)) is NOT_REMEMBERED
    assert question.judge(transaction(), to(address)) == UNKNOWN_RECIPIENT
