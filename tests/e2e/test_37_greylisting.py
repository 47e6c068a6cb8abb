# SPDX-License-Identifier: GPL-3.0-or-later
"""Suspects are asked to come again: by the queue of a real Postfix, from wherever it sends."""

from __future__ import annotations

import contextlib
import json
import smtplib

import pytest
import redis

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose, forged_from, genuine, spf_only
from tests.mailhost.pretended_clients import PretendedClients
from tests.mailhost.sending_postfix import sending_postfix
from tests.mailhost.smtp import Client

SETTINGS = {
    "greylisting": {"enabled": True, "delay_s": 2, "exempt": {"networks": ["198.51.100.128/25"]}},
    # Whoever does not sign is suspect, and no more than that.
    "scoring": {"suspect_threshold": 3, "junk_threshold": 50, "weights": {"DKIM_NONE": 10}},
}
NAME = "host99.bulk.example"
HERE = Client(address="203.0.113.99", name=NAME, helo=NAME)
NEAR = Client(address="203.0.113.12", helo=NAME)
ELSEWHERE = tuple(Client(address=f"198.51.{number}.7", helo=NAME) for number in range(101, 120))


@pytest.fixture(scope="module")
def listing():
    with MailHost(settings=SETTINGS) as running:
        yield running


@pytest.fixture
def queue(listing, tmp_path_factory):
    """Open the queue of somebody who sends from these addresses, one after the other."""
    with contextlib.ExitStack() as opened:
        count = iter(range(100))

        def open_queue(*clients):
            pretended = opened.enter_context(PretendedClients(listing.postfix.ports.mx, clients))
            root = listing.root / f"sender-{len(tuple(listing.root.glob('sender-*')))}-{next(count)}"
            sending = opened.enter_context(sending_postfix(root, name=NAME, port=pretended.port))
            return Queue(sending, pretended)

        yield open_queue


class Queue:
    """A Postfix that sends, and the addresses it seems to send from."""

    def __init__(self, postfix, pretended):
        self.postfix = postfix
        self.pretended = pretended

    def put(self, letter, recipient):
        with smtplib.SMTP("127.0.0.1", self.postfix.ports.mx, timeout=60) as session:
            session.sendmail(letter.mail_from, [recipient], letter.content)

    def deliver(self, host, letter):
        """Return the message as it came in the end, and the log of the queue."""
        recipient = host.new_recipient()
        self.put(letter, recipient)
        (content,) = host.postfix.mailbox.wait_for(recipient, timeout_s=60)
        return Delivered(content), self.postfix.log


def letter(client=HERE, *, subject="An offer"):
    content = compose(subject=subject, author="Somebody <somebody@bulk.example>", body=f"{subject}, for you alone.\n")
    return Letter(content=content, mail_from="somebody@bulk.example", client=client)


def refusal(host, sent, recipient):
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        host.send(sent, recipient)
    return refused.value.smtp_code, refused.value.smtp_error


def test_a_suspect_is_delivered_when_its_queue_tries_again(listing, queue):
    sender = queue(HERE)
    delivered, log = sender.deliver(listing, letter())
    assert "451 4.7.1 Greylisted, please try again later" in log
    assert "status=sent" in log
    assert len(sender.pretended.used) > 1
    assert not delivered.is_junk
    assert delivered.ends_with(b"An offer, for you alone.\r\n")


def test_its_queue_may_try_again_from_another_host_of_the_network(listing, queue):
    sender = queue(HERE, NEAR)
    sender.deliver(listing, letter())
    assert len(sender.pretended.used) > 1
    assert "its envelope is known" in last_reason(listing)


def test_its_queue_may_try_again_from_another_network_each_time(listing, queue):
    sender = queue(*ELSEWHERE)
    sender.deliver(listing, letter())
    assert 1 < len(sender.pretended.used) < len(ELSEWHERE)
    assert len({client.address for client in sender.pretended.used}) == len(sender.pretended.used)
    assert "its text is known" in last_reason(listing)


def last_reason(host):
    """What greylisting has found of the last message that it let pass, from the store of events."""
    line = host.postward.log_line("greylisting=passed")
    queue_id = line.partition("qid=")[2].partition(" ")[0]
    (event, *_) = json.loads(host.postward.wait_for_answer("why", "--json", queue_id))["events"]
    return event["greylisting_reason"]


@pytest.fixture(autouse=True)
def fresh_log(listing):
    listing.postward.forget_log()


def test_who_has_come_again_is_known_with_the_next_message(listing, queue):
    recipient = listing.new_recipient()
    queue(HERE).put(letter(), recipient)
    listing.postfix.mailbox.wait_for(recipient, timeout_s=60)
    assert listing.send(letter(NEAR, subject="Another offer"), recipient).startswith("250")
    code, _ = refusal(listing, letter(ELSEWHERE[0], subject="Yet another"), recipient)
    assert code == 451


def test_who_does_not_come_again_is_not_heard(listing):
    recipient = listing.new_recipient()
    assert refusal(listing, letter(), recipient) == (451, "4.7.1 Greylisted, please try again later")
    line = listing.postward.log_line("greylisting=delayed")
    assert "verdict=defer" in line
    assert listing.postfix.mailbox.messages(recipient) == []


def test_good_mail_does_not_wait(listing):
    recipient = listing.new_recipient()
    assert listing.send(genuine(listing.world), recipient).startswith("250")
    assert "greylisting=" not in listing.postward.log_line("message.verdict")


def test_junk_does_not_wait(listing):
    """It would only come again."""
    assert Delivered(listing.deliver(forged_from(listing.world))).is_junk


def test_a_sender_that_passes_dmarc_and_is_known_does_not_wait_wherever_it_sends_from(listing, queue):
    shop = spf_only(listing.world)
    assert refusal(listing, shop, listing.new_recipient())[0] == 451
    queue(listing.world.shop_host).deliver(listing, shop)
    other_host = Client(address="2001:db8::25", name="mail6.shop.example", helo="mail6.shop.example")
    content = compose(subject="Your invoice", author="Shop <invoices@shop.example>", body="42 euros.\n")
    invoice = Letter(content=content, mail_from="invoices@shop.example", client=other_host)
    assert listing.send(invoice, listing.new_recipient()).startswith("250")
    forged = Letter(content=content, mail_from="somebody@bulk.example", client=HERE)
    assert refusal(listing, forged, listing.new_recipient())[0] == 451


def test_an_exempt_network_does_not_wait(listing):
    client = Client(address="198.51.100.200", helo="friend.example")
    assert listing.send(letter(client), listing.new_recipient()).startswith("250")


def test_scan_tells_that_it_would_have_to_come_again_and_remembers_nothing(listing):
    path = listing.root / "scanned.eml"
    path.write_bytes(letter(subject="Scanned").content)
    path.chmod(0o644)
    before = keys(listing)
    done = listing.postward.run(
        "scan", "--config", str(listing.postward.configuration), "--json", "--ip", HERE.address, "--helo", NAME,
        "--mail-from", "somebody@bulk.example", "--rcpt", "new@example.net", str(path),
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["greylisting"]["status"] == "delayed", done.stderr
    assert told["verdict"] == "suspect"
    assert keys(listing) == before


def keys(host):
    with redis.Redis.from_url(host.redis.url) as client:
        return set(client.keys("*"))


def test_nothing_of_a_message_can_be_read_in_redis(listing):
    refusal(listing, letter(), listing.new_recipient())
    written = b" ".join(keys(listing))
    assert b"postward:greylist:envelope:{" in written
    for text in (b"somebody", b"bulk", b"example", b"203.0", b"offer"):
        assert text not in written


def test_without_redis_suspects_pass_and_it_is_said_what_was_not_checked(listing):
    listing.redis.stop()
    try:
        delivered = Delivered(listing.deliver(letter(subject="Without Redis")))
    finally:
        listing.redis.start()
    assert "greylisting" in delivered.field("X-Spam-Status").partition("not_checked=")[2]
    assert not delivered.is_junk
