# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS that does not answer makes a temperror, not a loss and not a refusal."""

from __future__ import annotations

import smtplib

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose

QUICK_DNS = {"timeout_s": 0.5, "tries": 1}


@pytest.fixture(scope="module")
def quick_host():
    with MailHost(settings={"dns": QUICK_DNS}) as running:
        yield running


def _slow_letter(host):
    """Mail of a domain whose name servers are silent."""
    content = compose(subject="slow", author="Slow <somebody@slow.example>")
    return Letter(content=content, mail_from="somebody@slow.example", client=host.world.stranger)


def test_time_out_is_a_temperror_and_the_message_arrives(quick_host):
    letter = _slow_letter(quick_host)
    delivered = Delivered(quick_host.deliver(letter))
    assert delivered.results("spf") == ["temperror"]
    assert delivered.results("dmarc") == ["temperror"]
    assert not delivered.is_junk
    assert delivered.ends_with(letter.content)


def test_policy_that_cannot_be_had_may_defer():
    settings = {"dns": QUICK_DNS, "dmarc": {"on_temperror": "defer"}}
    with MailHost(settings=settings) as host:
        with pytest.raises(smtplib.SMTPResponseException) as answer:
            host.send(_slow_letter(host), host.new_recipient())
        assert answer.value.smtp_code == 451


def test_slow_dns_has_its_allowance_and_no_more():
    """One question alone would take longer than the message's deadline, beyond which nothing is evaluated."""
    settings = {
        "dns": {"timeout_s": 30, "tries": 1, "time_per_message_s": 2},
        "message": {"deadline_s": 20},
    }
    with MailHost(settings=settings) as host:
        delivered = Delivered(host.deliver(_slow_letter(host)))
        assert delivered.results("spf") == ["temperror"]
        assert delivered.results("dkim") == ["none"]
        assert delivered.results("dmarc") == ["temperror"]
        assert "not_checked" not in delivered.field("X-Spam-Status")
        assert not delivered.is_junk


def test_name_server_gone_entirely():
    with MailHost(settings={"dns": {**QUICK_DNS, "servers": ["127.0.0.1:9"]}}) as host:
        delivered = Delivered(host.deliver(_slow_letter(host)))
        assert delivered.results("spf") == ["temperror"]
