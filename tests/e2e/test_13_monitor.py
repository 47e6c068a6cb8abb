# SPDX-License-Identifier: GPL-3.0-or-later
"""``mode: monitor`` computes and logs everything and leaves the message untouched."""

from __future__ import annotations

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import forged_results, two_authors


@pytest.fixture(scope="module")
def monitored_host():
    with MailHost(settings={"mode": "monitor", "dmarc": {"on_reject": "reject"}}) as running:
        yield running


def test_message_is_left_as_it_came(monitored_host):
    letter = forged_results(monitored_host.world)
    delivered = Delivered(monitored_host.deliver(letter))
    assert delivered.ends_with(letter.content)
    assert delivered.fields("X-Spam-Flag") == []
    assert len(delivered.fields("Authentication-Results")) == 1
    assert "dmarc=pass" in delivered.field("Authentication-Results")


def test_verdict_is_logged(monitored_host):
    letter = two_authors(monitored_host.world)
    answer = monitored_host.send(letter, monitored_host.new_recipient())
    queue_id = answer.rpartition(" ")[2]
    assert "message.verdict" in monitored_host.postward.log_line(queue_id)
