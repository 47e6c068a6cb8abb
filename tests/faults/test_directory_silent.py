# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory that ends, hangs or is slow: mail waits for it, and nobody is told that he does not exist."""

from __future__ import annotations

import pytest
import redis

from tests.directory_servers import redis_data
from tests.faults.submitting import answer_to, fields_of, offer, open_session, submit
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.mailhost.stopped import go_on, hang
from tests.mailhost.unprivileged import hand_over
from tests.mailhost.world import World
from tests.milter.client import Client
from tests.milter.filter import running_filter
from tests.milter.server import wait_until
from tests.signatures import keys

ALICE, BOB, ROOT = "alice@example.com", "bob@example.com", "root@example.com"
TIMEOUT_S = 2
SENDER_WAITS = "451 4.3.0 Sender could not be looked up, please try again later"
RECIPIENT_WAITS = "451 4.3.0 Recipient could not be looked up, please try again later"
LATE_MS = 200


@pytest.fixture(autouse=True)
def hang_up():
    yield
    while Client.opened:
        Client.opened.pop().socket.close()


@pytest.fixture(scope="module")
def scratch():
    with Scratch() as folder:
        yield folder


@pytest.fixture
def source(scratch):
    """A Redis that holds the directory; every test has its own, for each does it harm."""
    with RedisServer(scratch / "redis") as one:
        redis_data.fill(one.url)
        yield one


@pytest.fixture
def server(source, scratch):
    with running_filter(World(), **settings(source, scratch)) as one:
        yield one


def settings(source, scratch, **submission):
    key_file = scratch / "pw1.pem"
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_bytes(keys.pem("rsa2048"))
        hand_over(key_file)
    return {
        "workers": 1,
        "redis": {"url": source.url},
        "directory": {
            "domains_dir": str(scratch / "domains.d"),
            "redis": {"enabled": True, "prefix": redis_data.PREFIX},
            "timeout_s": TIMEOUT_S,
            "pass_over_s": 1,
            "positive_ttl_s": 1,
        },
        "signing": {"keys": [{"domain": "example.com", "selector": "pw1", "file": str(key_file)}]},
        "submission": submission,
    }


def send(server, login, recipient="bob@elsewhere.example"):
    return submit(server.address, author=login, login=login, recipient=recipient)


def is_signed(client):
    return answer_to(client) == "" and "d=example.com;" in fields_of(client)["DKIM-Signature"]


def offered(server, recipient):
    """What a stranger is told of a recipient."""
    client = open_session(server.address, "")
    client.mail(b"<ann@elsewhere.example>")
    answer = offer(client, recipient)
    client.quit()
    return answer


@pytest.fixture
def hung(server, source):
    """It is asked once before it hangs: so alice and her domain are remembered."""
    assert is_signed(send(server, ALICE))
    assert offered(server, BOB) == ""
    hang(source.pid)
    try:
        yield server
    finally:
        go_on(source.pid)


def test_hung_what_it_was_not_asked_before_waits(hung):
    assert answer_to(send(hung, ROOT)) == SENDER_WAITS
    assert offered(hung, "second@example.com") == RECIPIENT_WAITS
    (line, *_) = hung.wait_for("event=directory.failed")
    assert 'source=redis text="did not answer in time"' in line
    # The directory's own time-out ended the wait, not the deadline of a recipient.
    assert not [line for line in hung.lines if "event=recipient.not_judged" in line]


def test_hung_what_it_said_before_serves_also_when_it_is_old(hung):
    def is_known_to_hang():
        assert is_signed(send(hung, ALICE))
        assert offered(hung, BOB) == ""
        return [line for line in hung.lines if "event=directory.failed" in line]

    wait_until(is_known_to_hang, "a question that an old answer had to serve for")


def test_hung_nobody_is_refused_by_what_it_said_before(server, source):
    assert offered(server, "nobody@example.com").startswith("550 5.1.1 ")
    hang(source.pid)
    try:
        assert offered(server, "nobody-else@example.com") == RECIPIENT_WAITS
    finally:
        go_on(source.pid)


def test_after_it_goes_on_it_is_asked_again(server, source):
    hang(source.pid)
    try:
        assert answer_to(send(server, ALICE)) == SENDER_WAITS
    finally:
        go_on(source.pid)
    wait_until(lambda: is_signed(send(server, ALICE)), "an answer of the directory")


def test_down_mail_waits_and_goes_once_it_is_back(server, source):
    source.stop()
    assert answer_to(send(server, ALICE)) == SENDER_WAITS
    assert offered(server, BOB) == RECIPIENT_WAITS
    (line, *_) = server.wait_for("event=directory.failed")
    assert "source=redis" in line
    source.start()
    redis_data.fill(source.url)
    assert is_signed(send(server, ALICE))
    assert offered(server, "nobody@example.com").startswith("550 5.1.1 ")


def test_down_mail_of_our_own_users_goes_unsigned_where_that_is_wanted(source, scratch):
    with running_filter(World(), **settings(source, scratch, on_directory_failure="accept")) as server:
        source.stop()
        client = send(server, ALICE)
        assert answer_to(client) == ""
        assert "DKIM-Signature" not in fields_of(client)
        (line,) = server.wait_for("event=message.verdict")
        assert 'unsigned_reason="the directory did not answer"' in line


def test_slow_it_is_waited_for(server, source):
    """Every command is answered late, and that is all."""
    with redis.Redis.from_url(source.url) as control:
        control.execute_command("CLIENT", "PAUSE", LATE_MS, "ALL")
    assert is_signed(send(server, ALICE))
    assert not [line for line in server.lines if "event=directory.failed" in line]
