# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.submission import FROM_REFUSED, SENDER_NOT_LOOKED_UP, SENDER_REFUSED, Mismatch, SubmissionSettings
from postward.checks.sender import SenderCheck
from postward.directory.directory import Directory
from postward.directory.entry import Known
from postward.directory.source import SourceFailure
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.not_remembered import NOT_REMEMBERED
from postward.pipeline.sender_question import SenderQuestion
from tests.unit.pipeline.passing import HOSTED, NO_DIRECTORY, OWN, examination

BOB = Recipient(address=EnvelopeAddress("bob@example.com"))
REFUSING = SubmissionSettings()


class Distant:
    """A source that has to be waited for, and may be broken."""

    name = "distant"
    is_immediate = False

    def __init__(self):
        self.is_broken = False

    def _answer(self, answer):
        if self.is_broken:
            raise SourceFailure("no connection")
        return answer

    def domain(self, name):
        return self._answer(None)

    def recipient(self, local_part, domain):
        return self._answer(Known.NOT_HOSTED)

    def sender(self, login):
        return self._answer(None)

    def networks(self):
        return self._answer({})

    def close(self):
        pass


@pytest.fixture
def distant():
    return Distant()


@pytest.fixture
def asked(distant):
    directory = Directory([distant])
    yield directory
    directory.close()


def question(directory, settings=REFUSING):
    return SenderQuestion(SenderCheck(directory), settings)


def answers(one, transaction):
    return one.recall(transaction, BOB), one.judge(transaction, BOB)


def message(sender=OWN, user=OWN):
    return examination(sender=sender, user=user).transaction


@pytest.mark.parametrize("sender", [OWN, "alice+news@example.org", ""])
def test_what_the_login_may_use_is_taken(sender):
    assert answers(question(HOSTED), message(sender)) == (None, None)


def test_what_it_may_not_is_refused_for_every_recipient():
    assert answers(question(HOSTED), message("chief@example.net")) == (SENDER_REFUSED, SENDER_REFUSED)


def test_the_header_is_not_there_yet_and_refuses_nobody():
    strict = SubmissionSettings(on_from_mismatch=Mismatch.REJECT)
    assert FROM_REFUSED not in answers(question(HOSTED, strict), message())


@pytest.mark.parametrize("outcome", [Mismatch.HOLD, Mismatch.ACCEPT, Mismatch.REPLACE])
def test_what_is_done_at_the_end_of_the_message_refuses_nobody_before(outcome):
    lenient = SubmissionSettings(on_envelope_mismatch=outcome)
    assert answers(question(HOSTED, lenient), message("chief@example.net")) == (None, None)


def test_an_address_that_nothing_can_replace_is_refused():
    lenient = SubmissionSettings(on_envelope_mismatch=Mismatch.REPLACE)
    assert answers(question(HOSTED, lenient), message("chief@example.net", user="eve")) == (
        SENDER_REFUSED,
        SENDER_REFUSED,
    )


def test_who_has_not_logged_in_is_not_asked_about():
    assert answers(question(HOSTED), message("chief@example.net", user="")) == (None, None)


def test_without_a_directory_nobody_is_refused():
    assert answers(question(NO_DIRECTORY), message("chief@example.net")) == (None, None)


def test_what_is_not_remembered_is_asked_and_then_remembered(asked):
    one, transaction = question(asked), message("chief@example.net")
    assert answers(one, transaction) == (NOT_REMEMBERED, SENDER_REFUSED)
    assert one.recall(transaction, BOB) == SENDER_REFUSED


def test_a_directory_that_does_not_answer_refuses_nobody_for_good(asked, distant):
    distant.is_broken = True
    one, transaction = question(asked), message("chief@example.net")
    assert answers(one, transaction) == (NOT_REMEMBERED, SENDER_NOT_LOOKED_UP)
    assert SENDER_NOT_LOOKED_UP.code == 451
    lenient = question(asked, SubmissionSettings(defer_on_directory_failure=False))
    assert lenient.judge(transaction, BOB) is None


def test_a_bounce_is_taken_whether_or_not_it_answers(asked, distant):
    distant.is_broken = True
    assert question(asked).judge(message(""), BOB) is None
