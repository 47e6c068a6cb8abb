# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server that is silent, and a message whose deadline passes: it is let through and says so, or deferred."""

from __future__ import annotations

import smtplib
import socket
from contextlib import contextmanager

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import forged_results, genuine
from tests.mailhost.loopback import HOST

DEADLINE_S = 3
"""Less than the five seconds after which c-ares gives a silent server up, whatever time it is given."""
POSTFIX_PATIENCE_S = 2
"""How long Postfix waits for a word of the milter at the end of a message."""


@pytest.fixture(scope="module")
def silent_server():
    """The address of something that takes questions and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        yield f"{HOST}:{server.getsockname()[1]}"


@pytest.fixture(scope="module")
def host(silent_server):
    with MailHost(settings=settings(silent_server)) as running:
        running.postfix.configure(f"milter_default_action = tempfail\nmilter_content_timeout = {POSTFIX_PATIENCE_S}s")
        running.postfix.restart()
        yield running


def settings(server, **message):
    return {
        "dns": {"servers": [server], "timeout_s": 30, "tries": 1, "time_per_message_s": 60},
        "message": {"deadline_s": DEADLINE_S, "progress_interval_s": 1, **message},
    }


@contextmanager
def reloaded(host, server, **message):
    """Reload with other settings of the message, and with the first ones at the end."""
    first = host.settings
    try:
        host.settings = settings(server, **message)
        host.postward.configure(host.settings_of_host())
        host.postward.reload()
        yield
    finally:
        host.settings = first
        host.postward.configure(host.settings_of_host())
        host.postward.reload()


def refusal(host, letter, recipient):
    """Postfix's answer to the end of the message."""
    with pytest.raises(smtplib.SMTPResponseException) as answer:
        host.send(letter, recipient)
    return answer.value.smtp_code, answer.value.smtp_error


def test_the_message_passes_and_says_what_was_not_checked(host):
    """Signs of life have kept Postfix waiting beyond its patience, which is shorter than the deadline."""
    letter = genuine(host.world)
    delivered = Delivered(host.deliver(letter))
    for method in ("iprev", "spf", "dkim", "arc", "dmarc"):
        assert delivered.results(method) == ["temperror"]
        assert f"{method}=temperror (not checked, not evaluated within {DEADLINE_S} s)" in delivered.own_results
    assert delivered.field("X-Spam-Status").endswith("not_checked=arc,content,dkim,dmarc,iprev,spf")
    assert not delivered.is_junk
    assert delivered.ends_with(letter.content)
    event = host.postward.log_line(f"from={letter.mail_from} ")
    assert " action=error outcome=timed_out " in event
    assert "warning: milter" not in host.postfix.log


def test_a_result_forged_in_our_name_does_not_pass_with_it(host):
    delivered = Delivered(host.deliver(forged_results(host.world)))
    assert delivered.results("dmarc") == ["temperror"]
    assert b"dmarc=pass" not in delivered.content


def test_the_client_is_told_to_try_again(host, silent_server):
    recipient = host.new_recipient()
    with reloaded(host, silent_server, failure_action="tempfail"):
        code, words = refusal(host, genuine(host.world), recipient)
        event = host.postward.log_line("reply=")
    assert (code, words) == (451, "4.7.1 Message could not be checked, please try again later")
    assert host.postfix.mailbox.messages(recipient) == []
    assert " action=error outcome=timed_out " in event
    assert f'reply="451 {words}"' in event
    assert "warning: milter" not in host.postfix.log


def test_without_signs_of_life_postfix_would_not_have_waited(host, silent_server):
    """The last test, for it leaves a warning in Postfix's log."""
    recipient = host.new_recipient()
    with reloaded(host, silent_server, progress_interval_s=60):
        code, words = refusal(host, genuine(host.world), recipient)
    assert (code, words) == (451, "4.7.1 Service unavailable - try again later")
    assert host.postfix.mailbox.messages(recipient) == []
    assert "warning: milter" in host.postfix.log
