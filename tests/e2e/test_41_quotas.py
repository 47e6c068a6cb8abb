# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody sends more than he may, however much he sends at once, and to however many workers."""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose, genuine

SENDERS, EACH, MOST = 50, 3, 61
DEADLINE_S = 20
SETTINGS = {
    "quotas": {
        "login": {"messages_per_hour": MOST, "recipients_per_day": 1_000},
        "overrides": {
            "login": {
                "few": {"recipients_per_hour": 2},
                "final": {"messages_per_hour": 1},
                "slow": {"messages_per_hour": None, "recipients_per_day": None, "concurrent": 100},
            },
            "client": {"203.0.113.0/24": {"messages_per_hour": 2}},
        },
    },
    # Their load would make a busy test machine put mail off.
    "shedding": {"enabled": False},
    "message": {"deadline_s": DEADLINE_S, "failure_action": "tempfail"},
}


TOO_MANY = (
    r"451 4\.7\.1 Too many messages from this account within an hour, at most [0-9]+ are allowed; please try again in "
)


@pytest.fixture(scope="module")
def limited():
    with MailHost(settings=SETTINGS) as running:
        yield running


def own_letter(host, login, subject="A word"):
    content = compose(subject=subject, author="Somebody <somebody@bank.example>")
    return Letter(content=content, mail_from="somebody@bank.example", client=replace(host.world.stranger, login=login))


def answer(host, letter, *recipients):
    """What the client is told."""
    try:
        return host.send(letter, *(recipients or ["somebody@example.net"]))
    except smtplib.SMTPResponseException as refused:
        return f"{refused.smtp_code} {refused.smtp_error}"


def used(host, whose):
    done = host.postward.run("quota", "show", "--config", str(host.postward.configuration), "--json", whose)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["used"]


def wait_for(condition):
    """Ask once a second, for longer than a lease lasts."""
    never = threading.Event()
    for _ in range(2 * DEADLINE_S + 60):
        if condition():
            return
        never.wait(1)
    pytest.fail("it did not come to that")


def test_50_senders_at_once_never_pass_the_limit(limited):
    barrier = threading.Barrier(SENDERS)

    def send(number):
        # A session of Postfix's speaks to one worker.
        barrier.wait(60)
        return [answer(limited, own_letter(limited, "alice", f"{number}-{each}")) for each in range(EACH)]

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = [each for sent in senders.map(send, range(SENDERS)) for each in sent]
    taken = sum(each.startswith("250") for each in answers)
    assert taken <= MOST
    # Where the machine is so busy that Redis is late, a worker keeps to its share of the limit.
    refused = {each for each in answers if not each.startswith("250")}
    assert all(re.match(TOO_MANY, each) for each in refused), refused
    while answer(limited, own_letter(limited, "alice")).startswith("250"):
        taken += 1
    assert taken <= MOST
    wait_for(lambda: used(limited, "login:alice")["messages_per_hour"] == taken)
    line = limited.postward.log_line("event=quota.exceeded")
    assert "subject=login name=alice unit=messages_per_hour" in line


def test_a_message_with_more_recipients_than_ever_is_refused_for_good(limited):
    letter = own_letter(limited, "few")
    recipients = [limited.new_recipient() for _ in range(3)]
    assert answer(limited, letter, *recipients) == (
        "554 5.7.1 Too many recipients of one message from this account, at most 2 are allowed;"
        " please send it to fewer at a time"
    )
    assert answer(limited, letter, *recipients[:2]).startswith("250")
    assert answer(limited, letter, recipients[2]).startswith("451 4.7.1 Too many recipients from this account")


def stranger(host, address):
    letter = genuine(host.world)
    return replace(letter, client=replace(letter.client, address=address))


def test_strangers_have_limits_of_their_own(limited):
    for address in ("203.0.113.71", "203.0.113.72"):
        answers = [answer(limited, stranger(limited, address), limited.new_recipient()) for _ in range(3)]
        assert [each.partition(" ")[0] for each in answers] == ["250", "250", "451"]
        assert answers[-1].startswith("451 4.7.1 Too many messages from this client within an hour; please try again")


def test_whoever_is_reset_may_send_anew(limited):
    letter = own_letter(limited, "final")
    assert [answer(limited, letter)[:3] for _ in range(2)] == ["250", "451"]
    done = limited.postward.run("quota", "reset", "--config", str(limited.postward.configuration), "login:final")
    assert done.returncode == 0
    assert answer(limited, letter).startswith("250")


def test_workers_that_are_killed_leave_nothing_behind(limited):
    ending = threading.Event()

    def send(number):
        while not ending.is_set():
            answer(limited, own_letter(limited, "slow", str(number)))

    with ThreadPoolExecutor(10) as senders:
        for number in range(10):
            senders.submit(send, number)
        try:
            for _ in range(3):
                pids = limited.postward.workers()
                os.kill(pids[0], signal.SIGKILL)
                limited.postward.wait_for_workers(other_than={pids[0]})
        finally:
            ending.set()
    assert answer(limited, own_letter(limited, "slow")).startswith("250")
    # What was being judged is over by itself.
    wait_for(lambda: used(limited, "login:slow")["concurrent"] == 0)


def test_without_redis_our_users_have_their_share_and_strangers_pass(limited):
    limited.redis.stop()
    try:
        assert answer(limited, own_letter(limited, "bob")).startswith("250")
        delivered = Delivered(limited.deliver(stranger(limited, "203.0.113.73")))
    finally:
        limited.redis.start()
    assert "quota" in delivered.field("X-Spam-Status").partition("not_checked=")[2]
    limited.postward.log_line("quota: Redis did not answer")
    limited.postward.log_line("quota_local=true")
