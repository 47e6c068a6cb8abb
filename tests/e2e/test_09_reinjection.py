# SPDX-License-Identifier: GPL-3.0-or-later
"""A content filter gives mail back from 127.0.0.1: it is neither judged twice nor taken for our own."""

from __future__ import annotations

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose, forged_from, genuine

SERVICES = ["filtered", "unjudged"]
"""Re-injection with the milter, and with ``-o smtpd_milters=``."""


@pytest.mark.parametrize("service", SERVICES)
def test_genuine_message_keeps_its_first_judgement(host, service):
    letter = genuine(host.world)
    delivered = Delivered(host.deliver(letter, service=service))
    assert len(delivered.fields("Received")) == 3
    assert delivered.results("spf") == ["pass"]
    assert delivered.results("dmarc") == ["pass"]
    assert not delivered.is_junk
    assert delivered.ends_with(letter.content)


@pytest.mark.parametrize("service", SERVICES)
def test_forged_message_stays_junk(host, service):
    delivered = Delivered(host.deliver(forged_from(host.world), service=service))
    assert delivered.results("dmarc") == ["fail"]
    assert delivered.is_junk


def test_forged_mark_from_outside_does_not_pass_for_a_re_injected_message(host):
    """A stranger copies all fields of a judged message, the mark included."""
    judged = Delivered(host.deliver(genuine(host.world)))
    copied = [
        f"{name}: {value}"
        for name in ("Authentication-Results", "X-Postward-Pass", "X-Spam-Flag")
        for value in judged.fields(name)
    ]
    content = compose(*copied, subject="copied", author="Example Bank <service@bank.example>")
    letter = Letter(content=content, mail_from="info@bulk.example", client=host.world.stranger)
    delivered = Delivered(host.deliver(letter))
    assert delivered.results("dmarc") == ["fail"]
    assert delivered.is_junk
