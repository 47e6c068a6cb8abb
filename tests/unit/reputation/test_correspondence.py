# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.connection import Authentication
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.header import HeaderField
from postward.model.reputation import Correspondence
from postward.model.sender_rights import Permission, SenderRights
from postward.model.transaction import Transaction
from postward.reputation.correspondence import correspondence, with_recipients, written_to


@pytest.mark.parametrize(
    ("user", "other", "found"),
    [
        ("Bob@Our.Example", "JOE@friend.example", ("bob@our.example", "joe@friend.example")),
        ("bob+shop@our.example", "joe+x@friend.example", ("bob@our.example", "joe@friend.example")),
        ("bob@our.example", "joe@bücher.example", ("bob@our.example", "joe@xn--bcher-kva.example")),
        ("bob@our.example", "bob+x@our.example", None),
        ("bob", "joe@friend.example", None),
        ("bob@our.example", "", None),
        ("bob@our.example", "joe@", None),
        ("bob@our.example", "a" * 70_000 + "@friend.example", None),
        ("bob@our.example", "joe\x00@friend.example", None),
        ("bob@our.example", "joe@fri\udcffend.example", None),
    ],
)
def test_a_pair_of_addresses(user, other, found):
    assert correspondence(user, other) == (found and Correspondence(*found))


def message(*, sender="bob@our.example", to=("joe@friend.example",), user="bob", rights=None, fields=()):
    transaction = Transaction("t", started_s=0)
    if sender is not None:
        transaction.sender = Sender(address=EnvelopeAddress(sender))
    transaction.recipients += [Recipient(address=EnvelopeAddress(each)) for each in to]
    transaction.authentication = Authentication(user=user)
    transaction.fields += [HeaderField(*each) for each in fields]
    if rights is not None:
        transaction.facts.sender_rights = SenderRights(envelope=rights, header_from=rights)
    return transaction


def test_whom_a_user_writes_to():
    assert written_to(message()) == (Correspondence("bob@our.example", "joe@friend.example"),)


@pytest.mark.parametrize(
    ("user", "rights", "counts"),
    [
        ("bob", Permission.ALLOWED, True),
        ("bob", Permission.NOT_JUDGED, True),
        ("bob", Permission.DENIED, False),
        ("bob", Permission.UNAVAILABLE, False),
        ("", Permission.ALLOWED, True),
        ("", Permission.NOT_JUDGED, False),
    ],
)
def test_the_address_has_to_be_the_users_own(user, rights, counts):
    assert bool(written_to(message(user=user, rights=rights))) is counts


@pytest.mark.parametrize(
    "field",
    [
        (b"Auto-Submitted", b" auto-replied (vacation)"),
        (b"auto-submitted", b" auto-generated; owner=x"),
        (b"Auto-Submitted", b""),
        (b"Precedence", b" Bulk"),
        (b"X-Autorespond", b" x"),
        (b"X-Auto-Response-Suppress", b" All"),
        (b"Content-Type", b" multipart/Report; report-type=disposition-notification;\r\n boundary=x"),
        (b"List-Unsubscribe", b" <mailto:x@our.example>"),
    ],
)
def test_what_a_program_writes_counts_for_nothing(field):
    assert written_to(message(fields=[field])) == ()


def test_what_says_that_no_program_wrote_it_counts():
    assert written_to(message(fields=[(b"Auto-Submitted", b" no"), (b"Precedence", b" first-class")]))


@pytest.mark.parametrize("sender", [None, ""])
def test_a_bounce_counts_for_nothing(sender):
    assert written_to(message(sender=sender)) == ()


def test_a_message_makes_50_pairs_at_most():
    assert len(written_to(message(to=[f"u{number}@friend.example" for number in range(5_000)]))) == 50


def test_the_pairs_of_all_recipients_and_the_author():
    two = message(to=("bob@our.example", "bob+x@our.example", "eve@our.example"))
    assert with_recipients(two, "joe@friend.example") == (
        Correspondence("bob@our.example", "joe@friend.example"),
        Correspondence("eve@our.example", "joe@friend.example"),
    )


@pytest.mark.parametrize(
    ("to", "author"),
    [
        ((), "joe@friend.example"),
        (("bob@our.example",), ""),
        (("bob@our.example", "nonsense"), "joe@friend.example"),
        ([f"u{number}@our.example" for number in range(21)], "joe@friend.example"),
    ],
)
def test_where_not_all_can_have_written_to_the_author_there_are_no_pairs(to, author):
    assert with_recipients(message(to=to), author) == ()
