# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of our own goes to the MTA, or it is known that it does not."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from postward.app.courier.hand_over import MtaDoor, NotHandedOverError
from postward.model.ip_endpoint import IpEndpoint
from tests.mailhost.loopback import free_ports
from tests.smtp_sink import SmtpSink

CONTENT = b"Subject: x\r\n\r\n.dot\r\n..two\r\nlast\r\n"
BOB, CAROL = "bob@example.com", "carol@example.com"


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


def hand_over(sink, content=CONTENT, **more):
    door = MtaDoor(sink.endpoint, "mx.example.net", timeout_s=10)
    return door.hand_over(content, **{"sender": "alice@example.org", "recipients": (BOB,), **more})


def test_every_octet_arrives(sink):
    handed = hand_over(sink)
    (received,) = sink.received
    assert (received.content, received.sender, received.recipients) == (CONTENT, "<alice@example.org>", (BOB,))
    assert (handed.accepted, handed.refused) == ((BOB,), ())


def test_the_null_path(sink):
    hand_over(sink, sender="")
    assert sink.received[0].sender == "<>"


def test_what_is_not_ascii_is_announced(sink):
    hand_over(sink, content="Subject: \u00fc\r\n\r\n".encode(), recipients=("j\u00fcrgen@example.com",), smtputf8=True)
    assert sink.received[0].sender == "<alice@example.org> BODY=8BITMIME SMTPUTF8"
    assert sink.received[0].recipients == ("j\u00fcrgen@example.com",)


@pytest.mark.parametrize(
    "path", ["a@b> SIZE=1", "a@b\r\nRCPT TO:<c@d", "<a@b", "a b@c", "a@\udcff", "j\u00fcrgen@example.com"]
)
def test_a_path_says_nothing_else_to_the_mta(sink, path):
    with pytest.raises(NotHandedOverError) as raised:
        hand_over(sink, sender=path)
    assert raised.value.is_permanent
    with pytest.raises(NotHandedOverError):
        hand_over(sink, recipients=(path,))
    assert sink.received == []


@pytest.mark.parametrize("path", ['"john doe"@example.com', '"a>b"@example.com', '"a@b"@example.com'])
def test_a_local_part_in_quotes(sink, path):
    hand_over(sink, sender=path, recipients=(path,))
    assert sink.received[0].sender == f"<{path}>"


@pytest.mark.parametrize("path", ['"a"b c"@example.com', '"a b"@example.com> SIZE=1', '"a\\" b"@example.com', '"a b"'])
def test_quotes_that_are_none(sink, path):
    with pytest.raises(NotHandedOverError):
        hand_over(sink, sender=path)


def test_of_several_recipients_some_are_refused(sink):
    sink.answers["carol"] = "550 5.1.1 no such\x1b user"
    handed = hand_over(sink, recipients=(BOB, CAROL))
    assert (handed.accepted, handed.refused) == ((BOB,), ((CAROL, "550 5.1.1 no such\\x1b user"),))
    assert sink.received[0].recipients == (BOB,)


@pytest.mark.parametrize(
    ("where", "answer", "is_permanent"),
    [
        ("mx.example.net", "421 busy", False), ("MAIL", "550 no", True), ("bob", "451 later", False),
        ("bob", "550 no", True),        (".", "451 4.3.0 later", False), (".", "554 no", True),
    ],
)  # fmt: skip
def test_refused_for_all_it_says_so_and_for_how_long(sink, where, answer, is_permanent):
    sink.answers[where] = answer
    with pytest.raises(NotHandedOverError, match=answer) as raised:
        hand_over(sink)
    assert (raised.value.is_permanent, sink.received) == (is_permanent, [])


def test_what_is_said_to_the_farewell_undoes_nothing(sink):
    sink.answers["quit"] = "421 too late"
    assert hand_over(sink).accepted == (BOB,)


def test_nobody_listens():
    door = MtaDoor(IpEndpoint(address=IPv4Address("127.0.0.1"), port=free_ports(1)[0]), "mx.example.net")
    with pytest.raises(NotHandedOverError, match="refused") as raised:
        door.hand_over(CONTENT, sender="", recipients=(BOB,))
    assert not raised.value.is_permanent
