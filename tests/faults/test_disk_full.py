# SPDX-License-Identifier: GPL-3.0-or-later
"""No room for the body of a large message, for the log or for the events: mail goes on, and that is told."""

from __future__ import annotations

import smtplib

import pytest

from tests.e2e.delivered import Delivered
from tests.faults.accounting import settle
from tests.faults.changed_service import reloaded, restarted
from tests.faults.small_disk import SmallDisk
from tests.faults.smtp_load import SmtpLoad
from tests.mailhost.letters import Letter, compose, genuine
from tests.milter.metrics_page import wait_for_page

DISK_BYTES = 1_000_000
SPOOLED = {"body_memory_bytes": 65_536}


@pytest.fixture
def disk(host):
    with SmallDisk(host.root / "small-disk", DISK_BYTES) as small:
        yield small


def large_letter(host, size_bytes):
    line = "0123456789" * 6 + "\n"
    content = compose(
        subject="large", author="Example Bank <service@bank.example>", body=line * (size_bytes // len(line))
    )
    return Letter(content=host.world.bank.sign(content), mail_from="service@bank.example", client=host.world.bank_host)


def metrics_port(host):
    return int(host.metrics_address.rpartition(":")[2])


def test_no_room_for_a_large_body(host, disk):
    """The message passes and says that it was not checked; one that fits is checked as ever."""
    with reloaded(host, message={**SPOOLED, "spool_dir": str(disk.path)}):
        letter = large_letter(host, 3 * DISK_BYTES)
        delivered = Delivered(host.deliver(letter))
        assert delivered.results("dkim") == ["temperror"]
        assert "not_checked=" in delivered.field("X-Spam-Status")
        assert delivered.ends_with(letter.content)
        assert "No space left on device" in host.postward.log_line("event=spool.failed")
        assert " action=error outcome=failed " in host.postward.log_line("action=error")
        assert Delivered(host.deliver(large_letter(host, DISK_BYTES // 2))).results("dkim") == ["pass"]
        assert list(disk.path.iterdir()) == []


def test_no_room_for_a_large_body_and_mail_that_must_be_checked(host, disk):
    recipient = host.new_recipient()
    message = {**SPOOLED, "spool_dir": str(disk.path), "failure_action": "tempfail"}
    with reloaded(host, message=message):
        with pytest.raises(smtplib.SMTPResponseException) as answer:
            host.send(large_letter(host, 3 * DISK_BYTES), recipient)
        assert answer.value.smtp_code == 451
        assert Delivered(host.deliver(genuine(host.world))).results("dkim") == ["pass"]
    assert host.postfix.mailbox.messages(recipient) == []


def test_no_room_for_the_log(host):
    with restarted(host, "sh", "-c", 'exec "$@" 2>/dev/full', "sh"):
        with SmtpLoad(host) as load:
            load.wait_for_accepted(20)
        assert load.ledger.refused == {}
        settle(host, load.ledger, survived=False)
        wait_for_page(
            metrics_port(host), lambda page: page["postward_log_lines_lost_total"] >= 20, "the lines that were lost"
        )


def test_no_room_for_the_events(host, disk):
    with restarted(host, state_dir=str(disk.path)):
        filler = disk.fill()
        with SmtpLoad(host) as load:
            load.wait_for_accepted(20)
            host.postward.log_line("event=event_store.failed")
            load.wait_for_accepted(20)
        assert load.ledger.refused == {}
        settle(host, load.ledger)
        wait_for_page(
            metrics_port(host), lambda page: page["postward_event_store_failures_total"] > 0, "the store's failures"
        )
        filler.unlink()
