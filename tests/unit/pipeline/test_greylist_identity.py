# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.mime.stored_message import take_message
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction
from postward.pipeline.greylist_identity import NetworkWidth, identity_of

WIDTH = NetworkWidth()
MESSAGE = b"Received: from a\r\nSubject: The minutes\r\nFrom: a@shop.example\r\n\r\nHello,\r\nhere they are.\r\n"


def identity(
    message=MESSAGE, *, client="203.0.113.9", sender="news@shop.example", recipients=("bob@example.net",), width=WIDTH
):
    transaction = Transaction("t", started_s=0)
    transaction.sender = Sender(address=EnvelopeAddress(sender))
    transaction.recipients += [Recipient(address=EnvelopeAddress(each)) for each in recipients]
    transaction.origin = Origin(
        direction=Direction.INBOUND, reason="r", client=ip_address(client) if client else None, helo=""
    )
    take_message(transaction, message)
    return identity_of(transaction, width)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.9", "203.0.113.250"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
    ],
)
def test_hosts_of_one_network_are_one_client(one, other):
    assert identity(client=one) == identity(client=other)


@pytest.mark.parametrize(
    ("one", "other"), [("203.0.113.9", "203.0.114.9"), ("2001:db8:1:2::1", "2001:db8:1:3::1"), ("203.0.113.9", "")]
)
def test_another_network_is_another_client_with_the_same_text(one, other):
    assert identity(client=one).envelope != identity(client=other).envelope
    assert identity(client=one).body == identity(client=other).body


def test_how_wide_a_network_is_is_the_operators_choice():
    wide, narrow = NetworkWidth(ipv4_bits=19, ipv6_bits=48), NetworkWidth(ipv4_bits=32, ipv6_bits=128)
    assert identity(client="203.0.96.1", width=wide) == identity(client="203.0.127.1", width=wide)
    assert identity(client="2001:db8:1:2::1", width=wide) == identity(client="2001:db8:1:3::1", width=wide)
    assert identity(client="203.0.113.8", width=narrow) != identity(client="203.0.113.9", width=narrow)


def test_another_sender_or_recipient_is_another_envelope():
    names = {
        identity().envelope,
        identity(sender="other@shop.example").envelope,
        identity(sender="").envelope,
        identity(recipients=("eve@example.net",)).envelope,
    }
    assert len(names) == 4


def test_the_text_is_known_again_for_the_same_recipient_only():
    assert identity(sender="other@shop.example").body == identity().body
    assert identity(recipients=("eve@example.net",)).body != identity().body


def test_recipients_that_come_and_go_between_two_attempts_do_no_harm():
    first = identity(recipients=("bob@example.net", "eve@example.net"))
    assert identity(recipients=("Eve@example.net", "BOB@example.net")) == first
    assert identity(recipients=("bob@example.net",)) == first
    assert identity(recipients=("bob@example.net", "zoe@example.net")) == first


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"The minutes", b"The hours"), (b"here they are", b"there they are"), (b"are.\r\n", b"are.\r\n\r\n")],
)
def test_another_subject_or_text_is_another_message(old, new):
    changed = identity(MESSAGE.replace(old, new))
    assert changed.body != identity().body
    assert changed.envelope == identity().envelope


def test_what_hosts_on_the_way_write_is_no_part_of_the_message():
    folded = MESSAGE.replace(b"from a", b"from b").replace(b"The minutes", b"The\r\n minutes")
    assert identity(folded) == identity()


def test_subject_and_text_are_not_mistaken_for_one_another():
    assert identity(b"Subject: a\r\n\r\nb\r\n").body != identity(b"Subject: a b\r\n\r\n\r\n").body
    assert identity(b"\r\nx\r\n").body != identity(b"Subject: x\r\n\r\n").body


def test_of_a_large_body_the_beginning_and_the_size_count():
    large = MESSAGE + b"x" * 2_000_000
    assert identity(large + b"y").body != identity(large + b"yy").body
    assert identity(MESSAGE + b"z" + large).body != identity(MESSAGE + b"y" + large).body


def test_parts_that_hold_the_marks_between_them_are_told_apart():
    assert identity(sender="a1:b", recipients=("c",)).envelope != identity(sender="a", recipients=("b1:c",)).envelope
