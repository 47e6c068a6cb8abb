# SPDX-License-Identifier: GPL-3.0-or-later
"""One message as it comes in: what is kept of it, and when it is given up."""

from __future__ import annotations

import errno

import pytest

from postward.errors import StageError
from postward.model.body import Body
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.transaction import Transaction
from postward.mta.intake import Intake

RECIPIENT = Recipient(address=EnvelopeAddress("a@example.com"))


def begun(service):
    intake = Intake(service)
    intake.begin(Transaction("m1", started_s=0.0, body=service.new_body()))
    return intake


def test_before_it_has_begun_there_is_no_transaction(make_service):
    intake = Intake(make_service())
    assert (intake.has_begun, intake.has_recipients) == (False, False)
    with pytest.raises(StageError):
        _ = intake.transaction


def test_a_problem_before_the_beginning_is_one_of_the_message_that_comes(make_service):
    service = make_service()
    intake = Intake(service)
    intake.give_up("no name")
    intake.begin(Transaction("m1", started_s=0.0))
    assert intake.problem == "no name"


def test_the_first_problem_is_told(make_service):
    intake = begun(make_service())
    intake.give_up("first")
    intake.give_up("second")
    assert intake.problem == "first"


def test_recipients_up_to_the_limit(make_service):
    intake = begun(make_service(max_recipients=2))
    for _ in range(2):
        intake.add_recipient(RECIPIENT)
    assert (intake.has_recipients, intake.problem) == (True, "")
    intake.add_recipient(RECIPIENT)
    assert (len(intake.transaction.recipients), intake.problem) == (2, "too many recipients")


@pytest.mark.parametrize("limits", [{"max_header_fields": 1}, {"max_header_bytes": len("From: a\r\n")}])
def test_a_field_beyond_the_limits_is_not_kept_and_told_to_the_engine(make_service, engine, limits):
    intake = begun(make_service(**limits))
    intake.add_field(b"From", b" a", keeps_leading_space=True)
    assert (intake.problem, intake.transaction.is_header_cut) == ("", False)
    intake.add_field(b"To", b" b", keeps_leading_space=True)
    assert intake.transaction.is_header_cut
    assert [field.name for field in intake.transaction.fields] == [b"From"]
    assert (engine.unread, intake.problem) == ([b"To"], "the header is too large")


def test_a_body_up_to_the_limit_and_nothing_of_a_larger_one(make_service):
    intake = begun(make_service(max_body_bytes=4))
    intake.add_to_body(b"four")
    assert (bytes(intake.transaction.body), intake.problem) == (b"four", "")
    intake.add_to_body(b"!")
    assert intake.problem == "the body is too large"
    intake.add_to_body(b"more")
    assert (bytes(intake.transaction.body), intake.transaction.body.size_bytes) == (b"", 4)


class FullDisk(Body):
    def append(self, chunk):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_body_that_cannot_be_stored(make_service, log_file):
    intake = begun(make_service(new_body=FullDisk))
    intake.add_to_body(b"piece")
    assert intake.problem == "the body could not be stored"
    assert "event=spool.failed id=m1 error=OSError" in log_file.read_text()


def test_a_failure_lets_the_body_go_and_is_told_of_once(make_service, log_file):
    intake = begun(make_service())
    intake.add_to_body(b"piece")
    for number in range(3):
        intake.fail(ValueError(f"broken {number}"))
    assert intake.problem == "ValueError: broken 0"
    assert (bytes(intake.transaction.body), intake.transaction.body.size_bytes) == (b"", 5)
    assert log_file.read_text().count("session.failed") == 1
