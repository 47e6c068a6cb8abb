# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall clock is set back, or ahead, while mail comes in: nothing that lasts is measured by it."""

from __future__ import annotations

import re

import pytest

from tests.e2e.delivered import Delivered
from tests.faults.accounting import settle
from tests.faults.changed_service import restarted
from tests.faults.smtp_load import SmtpLoad
from tests.mailhost.letters import genuine
from tests.milter.metrics_page import messages, wait_for_page
from tests.wall_clock import WallClock

HOUR_S = 3600


@pytest.fixture(scope="module")
def clock(host):
    with WallClock(host.root) as one, restarted(host, *one.launcher):
        yield one


def test_under_load(host, clock):
    """A signature may come from the future then, and does not count; SPF passes, and so does DMARC."""
    workers = host.postward.workers()
    with SmtpLoad(host) as load:
        for seconds in (-HOUR_S, HOUR_S, -24 * HOUR_S, 0):
            load.wait_for_accepted(10)
            clock.go_ahead_by(seconds)
        load.wait_for_accepted(10)
    assert load.ledger.refused == {}
    assert host.postward.workers() == workers
    settle(host, load.ledger)
    took_ms = [float(found) for found in re.findall(r" total_ms=(\S+)", host.postward.log)]
    assert took_ms
    assert min(took_ms) >= 0


def test_in_the_middle_of_a_session(host, clock):
    recipient, letter = host.new_recipient(), genuine(host.world)
    with host.session(letter.client) as session:
        session.smtp.mail(letter.mail_from)
        clock.go_ahead_by(-HOUR_S)
        session.smtp.rcpt(recipient)
        assert session.smtp.data(letter.content)[0] == 250
        clock.go_ahead_by(0)
    (file,) = host.postfix.mailbox.wait_for(recipient)
    assert Delivered(file).results("dmarc") == ["pass"]


def test_reload_metrics_and_events_afterwards(host, clock):
    port = int(host.metrics_address.rpartition(":")[2])
    before = messages(wait_for_page(port, lambda page: True, "a page"))
    clock.go_ahead_by(-HOUR_S)
    host.postward.reload()
    host.deliver(letter := genuine(host.world))
    wait_for_page(port, lambda page: messages(page) > before, "the message")
    wait_for_page(port, lambda page: page["postward_sessions"] == 0, "the end of all sessions")
    message_id = letter.content.partition(b"Message-ID: ")[2].split(b"\r\n", 1)[0].decode()
    assert "dmarc" in host.postward.wait_for_answer("why", message_id).lower()
    assert "event=event_store.failed" not in host.postward.log
    clock.go_ahead_by(0)
