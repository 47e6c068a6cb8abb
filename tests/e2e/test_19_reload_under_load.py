# SPDX-License-Identifier: GPL-3.0-or-later
"""A reload under load: no message is refused, lost or unfiltered, and new settings count afterwards."""

from __future__ import annotations

import itertools

import pytest

from tests.e2e.delivered import Delivered
from tests.faults.accounting import settle
from tests.faults.smtp_load import SmtpLoad
from tests.mailhost.host import MailHost
from tests.mailhost.letters import forged_from, genuine

SENDERS = 6
RELOADS = 5


@pytest.fixture(scope="module")
def reloaded_host():
    with MailHost() as running:
        yield running


def test_no_message_is_refused_lost_or_unfiltered(reloaded_host):
    generations = [reloaded_host.postward.workers()]
    with SmtpLoad(reloaded_host, senders=SENDERS) as load:
        for _ in range(RELOADS):
            reloaded_host.postward.reload()
            generations.append(reloaded_host.postward.workers())
    assert load.ledger.refused == {}
    settle(reloaded_host, load.ledger)
    assert all(not set(old) & set(new) for old, new in itertools.pairwise(generations))


def test_session_held_open_over_a_reload_is_served_to_its_end(reloaded_host):
    recipient, letter = reloaded_host.new_recipient(), genuine(reloaded_host.world)
    with reloaded_host.session(letter.client) as session:
        session.smtp.mail(letter.mail_from)
        reloaded_host.postward.reload()
        session.smtp.rcpt(recipient)
        reloaded_host.postward.reload()
        session.smtp.data(letter.content)
    (file,) = reloaded_host.postfix.mailbox.wait_for(recipient)
    assert Delivered(file).results("dmarc") == ["pass"]


def test_new_settings_count_after_a_reload(reloaded_host):
    letter = forged_from(reloaded_host.world)
    assert Delivered(reloaded_host.deliver(letter)).is_junk
    settings = reloaded_host.settings_of_host()
    reloaded_host.postward.configure({**settings, "mode": "monitor"})
    reloaded_host.postward.reload()
    assert Delivered(reloaded_host.deliver(letter)).fields("X-Spam-Flag") == []
    reloaded_host.postward.configure(settings)
    reloaded_host.postward.reload()


def test_faulty_configuration_leaves_the_old_one_in_force(reloaded_host):
    workers = reloaded_host.postward.workers()
    reloaded_host.postward.configure({**reloaded_host.settings_of_host(), "mode": "nonsense"})
    reloaded_host.postward.ask_for_reload()
    reloaded_host.postward.log_line("generation.refused")
    assert reloaded_host.postward.workers() == workers
    assert Delivered(reloaded_host.deliver(genuine(reloaded_host.world))).results("dmarc") == ["pass"]
    reloaded_host.postward.configure(reloaded_host.settings_of_host())
