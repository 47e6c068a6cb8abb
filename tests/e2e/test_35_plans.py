# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan can do to a message, through a real Postfix: the file that is delivered, and the answer that is given."""

from __future__ import annotations

import smtplib
import time
from types import SimpleNamespace

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.folder_watch import IN_MODIFY, FolderWatch
from tests.mailhost.letters import compose
from tests.mailhost.postfix import Postfix
from tests.mailhost.scratch import Scratch
from tests.mailhost.smtp import SmtpSession
from tests.milter.server import Server

AUTHOR = "ann@example.com"


@pytest.fixture(scope="module")
def mta():
    """Postfix with a milter that does what the Subject says."""
    server = Server(family="inet", wishes=["changes_envelope", "changes_body"], failure_action="tempfail")
    _, _, rest = server.address.partition(":")
    port, _, host = rest.partition("@")
    with Scratch() as root, Postfix(root / "postfix", milters=f"inet:{host}:{port}") as postfix:
        server.start()
        try:
            yield SimpleNamespace(postfix=postfix, server=server)
        finally:
            server.stop()


def send(mta, subject, *recipients, mail_from=AUTHOR, body="Hello,\n\nall is well.\n"):
    content = compose("X-Old: 1", "X-Old: 2", subject=subject, author=AUTHOR, body=body)
    with SmtpSession(mta.postfix.ports.mx) as session:
        return session.send(content, mail_from=mail_from, rcpt_to=recipients)


def refusal(mta, subject):
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        send(mta, subject, "you@example.net")
    return refused.value.smtp_code, refused.value.smtp_error


def wait_for_log(postfix, words):
    deadline = time.monotonic() + 30
    with FolderWatch(postfix.root, IN_MODIFY) as watch:
        while words not in postfix.log:
            assert watch.wait(deadline - time.monotonic()), words
    return postfix.log


def arrived(mta, recipient):
    return Delivered(mta.postfix.mailbox.wait_for(recipient)[0])


def test_fields_body_and_recipients(mta):
    send(mta, "change x-old 2500", "changed@example.net")
    delivered = arrived(mta, "changed@example.net")
    assert delivered.field("Subject") == "[EXT] changed"
    assert b"\nSubject: [EXT]\n changed\n" in delivered.content
    assert delivered.fields("X-Old") == []
    assert delivered.content.partition(b"\n\n")[2] == (b"x" * 98 + b"\n") * 2500


def test_nothing_in_place_of_a_body(mta):
    send(mta, "change x-old 0", "empty@example.net")
    assert arrived(mta, "empty@example.net").content.partition(b"\n\n")[2] == b"\n"


@pytest.mark.parametrize(("kind", "is_told"), [("new", True), ("silent", False)])
def test_the_sender_is_told_of_a_copy_that_cannot_be_delivered_unless_it_is_silent(mta, kind, is_told):
    recipient = f"copied-{kind}@example.net"
    answer = send(mta, f"copy {kind} nobody@elsewhere.example", recipient, mail_from="sender@example.net")
    arrived(mta, recipient)
    queue_id = answer.rpartition(" ")[2]
    log = wait_for_log(mta.postfix, f" {queue_id}: removed")
    assert f" {queue_id}: to=<nobody@elsewhere.example>" in log
    assert (f" {queue_id}: sender non-delivery notification" in log) is is_told


def test_a_discarded_message_is_answered_with_success_and_reaches_nobody(mta):
    assert send(mta, "discard", "discarded@example.net").startswith("250 ")
    send(mta, "drop all", "dropped@example.net")
    send(mta, "drop one", "dropped@example.net", "kept@example.net")
    arrived(mta, "kept@example.net")
    for recipient in ("discarded@example.net", "dropped@example.net"):
        assert mta.postfix.mailbox.messages(recipient) == []


def test_a_recipient_that_is_taken_off_and_added_again_gets_the_message_once(mta):
    answer = send(mta, "put-back", "back@example.net", "gone@example.net")
    arrived(mta, "back@example.net")
    wait_for_log(mta.postfix, f" {answer.rpartition(' ')[2]}: removed")
    assert len(mta.postfix.mailbox.messages("back@example.net")) == 1
    assert mta.postfix.mailbox.messages("gone@example.net") == []


def test_a_quoted_recipient_is_taken_off_too(mta):
    answer = send(mta, "drop one", '"quoted one"@example.net', "unquoted@example.net")
    arrived(mta, "unquoted@example.net")
    log = wait_for_log(mta.postfix, f" {answer.rpartition(' ')[2]}: removed")
    assert "quoted one" not in log


def test_a_reply_of_several_lines_has_the_codes_on_each(mta):
    code, text = refusal(mta, r"reply 550 5.7.1 Not today.\nAsk 100% of us.")
    assert (code, text) == (550, "5.7.1 Not today.\n5.7.1 Ask 100% of us.")
    code, text = refusal(mta, r"reply 451 4.7.1 Later.\nMuch later.")
    assert (code, text) == (451, "4.7.1 Later.\n4.7.1 Much later.")


def test_a_long_reply_comes_whole(mta):
    code, text = refusal(mta, r"reply 550 5.7.1 " + r"\n".join(f"line {number}" for number in range(40)))
    assert code == 550
    assert text.splitlines() == [f"5.7.1 line {number}" for number in range(32)]
