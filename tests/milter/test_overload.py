"""``postward run`` with one place for a message from outside, and that one taken: others come again, users do not."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.mailhost.held_scanner import HeldScanner
from tests.mailhost.scratch import Scratch
from tests.milter.client import Client
from tests.milter.filter import running_filter

STRANGER, OTHER_STRANGER, OWN = b"192.0.2.1", b"198.51.100.1", b"10.1.2.3"
BUSY = b"451 4.7.1 Too busy to take this message now - please try again later\0"
PATIENCE_S = 60


@contextmanager
def busy_filter(world, **settings):
    with Scratch() as folder:
        scanner = HeldScanner(folder / "clamd.sock")
        whole = {
            "workers": 1,
            "message": {"max_concurrent": 1},
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


@pytest.fixture
def taken(running):
    """A message whose evaluation goes on, and takes the only place."""
    filter_, scanner = running
    scanner.hold()
    client = meet(filter_)
    client.mail()
    client.rcpt()
    client.header(b"From", b" a@example.com")
    client.body(b"Hello\r\n")
    client.send(b"E")
    assert scanner.has_message.wait(PATIENCE_S)
    yield client
    scanner.may_answer.set()
    while client.receive()[0] not in b"acrty":
        pass


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


def first_refusal(client):
    """Where the client is asked to come again."""
    for command, path in ((b"M", b"<a@example.com>"), (b"R", b"<u@example.net>")):
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
