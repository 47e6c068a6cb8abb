# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run`` with one place for a message from outside, and that one taken: others come again, users do not."""

from __future__ import annotations

from contextlib import contextmanager
from ipaddress import ip_address

import pytest

from postward.model.reputation import Correspondence
from tests.bench.overload.known_senders import teach
from tests.mailhost.held_scanner import HeldScanner
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.milter.client import Client
from tests.milter.filter import running_filter

STRANGER, OTHER_STRANGER, OWN = b"192.0.2.1", b"198.51.100.1", b"10.1.2.3"
BUSY = b"451 4.7.1 Too busy to take this message now - please try again later\0"
GOOD, BAD = b"198.18.0.1", b"198.19.0.1"
PATIENCE_S, TRIES = 60, 100


@contextmanager
def busy_filter(world, **settings):
    with Scratch() as folder:
        scanner = HeldScanner(folder / "clamd.sock")
        whole = {
            "workers": 1,
            "message": {"max_concurrent": 1, "deadline_s": 2 * PATIENCE_S},
            "origin": {"local_networks": ["10.0.0.0/8"]},
            "clamav": {"socket": f"unix:{folder}/clamd.sock", "outbound": False, "timeout_s": PATIENCE_S},
            "metrics": {"listen": None},
            **settings,
        }
        try:
            with running_filter(world, **whole) as filter_:
                yield filter_, scanner
        finally:
            scanner.close()


@pytest.fixture(scope="module")
def running(world):
    with busy_filter(world) as both:
        yield both


@pytest.fixture
def filter_(running):
    return running[0]


@contextmanager
def place_taken(filter_, scanner):
    """Have a message whose evaluation goes on take the only place."""
    scanner.hold()
    client = meet(filter_)
    client.mail()
    client.rcpt()
    client.header(b"From", b" a@example.com")
    client.body(b"Hello\r\n")
    client.send(b"E")
    assert scanner.has_message.wait(PATIENCE_S)
    try:
        yield
    finally:
        scanner.may_answer.set()
        while client.receive()[0] not in b"acrty":
            pass


@pytest.fixture
def taken(running):
    with place_taken(*running):
        yield


def meet(filter_, address=STRANGER):
    client = Client(filter_.address)
    client.macros(b"C", (b"{client_addr}", address))
    client.connect(address=address)
    client.helo()
    return client


def login(client):
    client.macros(b"M", (b"{auth_authen}", b"alice"), (b"{auth_type}", b"PLAIN"))


def offer(client, command, path):
    client.send(command, path + b"\0")
    return client.receive()


def first_refusal(client, sender=b"<a@example.com>"):
    """Where the client is asked to come again."""
    for command, path in ((b"M", sender), (b"R", b"<u@example.net>")):
        answer = offer(client, command, path)
        if answer != (b"c", b""):
            return command, answer
    return None


@pytest.mark.usefixtures("taken")
def test_a_stranger_is_asked_to_come_again(filter_):
    client = meet(filter_, OTHER_STRANGER)
    refused = first_refusal(client)
    assert refused is not None
    assert refused[1] == (b"y", BUSY)
    line = filter_.wait_for("event=message.shed")[-1]
    assert f"client={OTHER_STRANGER.decode()} from=a@example.com" in line
    assert " load=1 " in filter_.wait_for("event=shedding.began")[0]


@pytest.mark.usefixtures("taken")
def test_a_user_who_has_logged_in_is_served_meanwhile(filter_):
    client = meet(filter_, OTHER_STRANGER)
    login(client)
    assert client.message()[-1] == (b"c", b"")


@pytest.mark.usefixtures("taken")
def test_mail_of_our_networks_is_served_meanwhile(filter_):
    assert meet(filter_, OWN).message()[-1] == (b"c", b"")


def test_a_message_that_came_before_it_was_busy_is_put_off_at_its_end(running, request):
    filter_, _scanner = running
    early = meet(filter_, OTHER_STRANGER)
    early.mail()
    early.rcpt()
    request.getfixturevalue("taken")
    early.header(b"From", b" a@example.com")
    early.body(b"Hello\r\n")
    assert early.end() == [(b"y", BUSY)]
    line = filter_.wait_for("outcome=shed")[-1]
    assert "action=defer" in line


def test_afterwards_everybody_is_taken_again(filter_):
    assert meet(filter_, OTHER_STRANGER).mail() == b"c"


@pytest.mark.parametrize("settings", [{"shedding": {"enabled": False}}, {"mode": "monitor"}])
def test_where_it_is_switched_off_all_wait(world, settings):
    with busy_filter(world, **settings) as (filter_, scanner):
        scanner.may_answer.set()
        client = meet(filter_)
        assert client.mail() == b"-", "the MTA need not wait for an answer"
        client.rcpt()
        client.header(b"From", b" a@example.com")
        client.body(b"Hello\r\n")
        assert client.end()[-1] == (b"c", b"")


@pytest.fixture(scope="module")
def informed(world):
    """A filter whose Redis knows a good client, a bad one, and that one of our users has written to a friend."""
    with Scratch() as folder, RedisServer(folder / "redis") as redis:
        known = {"good": [ip_address(GOOD.decode())], "bad": [ip_address(BAD.decode())]}
        teach(redis.url, **known, written_to=Correspondence("u@example.net", "friend@example.com"))
        with busy_filter(world, redis={"url": redis.url}) as both:
            yield both


def in_the_end(filter_, address, wanted, sender=b"<a@example.com>"):
    """Try again until the client is answered so: what is not known in time counts as unknown, and is known later."""
    found = []
    while wanted not in found and len(found) < TRIES:
        refused = first_refusal(meet(filter_, address), sender)
        found.append(None if refused is None else refused[0])
    return found[-1]


@pytest.mark.parametrize(
    ("address", "sender", "stage"),
    [
        (b"203.0.113.1", b"<a@example.com>", b"R"),
        (b"203.0.113.1", b"<friend@example.com>", None),
        (GOOD, b"<a@example.com>", None),
        (BAD, b"<a@example.com>", b"M"),
    ],
    ids=["stranger", "correspondent", "good client", "bad client"],
)
def test_who_is_taken_follows_from_what_redis_knows(informed, address, sender, stage):
    with place_taken(*informed):
        assert in_the_end(informed[0], address, stage, sender) == stage
