# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection of the MTA, one SMTP client after the other (QUIT_NC): nothing of the first may count for the next."""

from __future__ import annotations

import miltertest
import pytest

from tests.mailhost.letters import forged_from, genuine, spf_only
from tests.milter.client import Client
from tests.milter.filter import running_filter
from tests.milter.foreign_session import WITHOUT_LEADING_SPACE, ForeignSession, added

QUIT_FOR_ANOTHER_CLIENT = b"K"
AUTHENTICATED = {"{auth_authen}": "somebody", "{auth_type}": "PLAIN"}


def test_the_next_client_is_judged_like_any_other(milter, world, session):
    good, bad = genuine(world), forged_from(world)
    session.greet(good)
    session.macros(miltertest.SMFIC_MAIL, **AUTHENTICATED)
    session.deliver(good, "C1")
    assert "direction=outbound" in milter.verdict("C1")
    session.quit_for_another_client()
    session.greet(bad)
    answers = session.deliver(bad, "C2")
    assert "\tdmarc=fail " in added(answers, "Authentication-Results")
    assert added(answers, "X-Spam-Flag") == " YES"
    line = milter.verdict("C2")
    assert "direction=inbound" in line
    assert f"client={bad.client.address} " in line
    assert " user=" not in line
    session.quit()
    assert session.is_closed()


def test_the_greeting_is_not_inherited(milter, world, session):
    good, other = genuine(world), spf_only(world)
    session.greet(good)
    session.deliver(good, "C3")
    session.quit_for_another_client()
    session.connect(other.client.name, other.client.address)
    answers = session.deliver(other, "C4")
    assert "\tspf=pass smtp.mailfrom=orders@shop.example" in added(answers, "Authentication-Results")
    assert " helo=" not in milter.verdict("C4")


def test_a_message_given_up_before_is_not_inherited(milter, world, session):
    good, other = genuine(world), spf_only(world)
    session.greet(good)
    session.mail("<given-up@bank.example>")
    session.rcpt("<one@example.net>")
    session.header("Subject", " given up")
    session.abort()
    session.quit_for_another_client()
    session.greet(other)
    session.deliver(other, "C5")
    line = milter.verdict("C5")
    assert f"client={other.client.address} " in line
    assert " rcpts=1 " in line


def test_what_only_one_of_several_mtas_can_do_is_not_asked_of_the_other(world):
    """Nothing is negotiated for the next client, and nobody says which of the MTAs it comes through."""
    good, other = genuine(world), spf_only(world)
    with running_filter(world, workers=1) as milter, ForeignSession(milter.address) as able:
        with ForeignSession(milter.address, actions=miltertest.SMFIF_ADDHDRS, steps=WITHOUT_LEADING_SPACE) as unable:
            unable.greet(good)
            unable.deliver(good, "C6")
        able.greet(good)
        assert added(able.deliver(good, "C7"), "X-Spam-Flag") == " NO"
        able.quit_for_another_client()
        able.greet(other)
        assert added(able.deliver(other, "C8"), "X-Spam-Flag") == "NO"


@pytest.mark.parametrize("greets", [True, False])
@pytest.mark.parametrize("subject", [b"", b" reply 550 5.7.1 Refused", b" reply 451 4.7.1 Later"])
def test_a_change_of_clients_that_libmilter_passes_over(server, subject, greets):
    """It does so where no message was accepted or given up just before: CONNECT never arrives, its macros do."""
    session = Client(server.address)
    session.macros(b"C", (b"{client_addr}", b"192.0.2.1"), (b"{daemon_name}", b"ORIGINATING"))
    session.connect()
    session.helo(b"before.example")
    if subject:
        session.macros(b"M", (b"{auth_authen}", b"somebody"), (b"{auth_type}", b"PLAIN"))
        session.message((b"Subject", subject))
    session.send(QUIT_FOR_ANOTHER_CLIENT)
    session.macros(b"C", (b"{client_addr}", b"IPv6:2001:db8::9"), (b"{daemon_name}", b"MTA"))
    session.connect(b"after.example", b"IPv6:2001:db8::9", b"6")
    if greets:
        session.helo(b"after.example")
        session.macros(b"M", (b"{auth_authen}", b"another"))
    session.message((b"Subject", b" after"))
    told = server.told_of(session)
    assert (told["client"], told["daemon_name"]) == ("2001:db8::9", "MTA")
    assert bytes.fromhex(told["helo"]) == (b"after.example" if greets else b"")
    assert bytes.fromhex(told["user"]) == (b"another" if greets else b"")
    assert told["fields"] == [[b"Subject".hex(), b" after".hex()]]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_client_whose_name_is_not_utf8(server, is_first):
    """pymilter does not pass such a CONNECT on; the address comes in a macro too."""
    session = Client(server.address)
    if not is_first:
        session.connect()
        session.helo()
        session.message()
        session.send(QUIT_FOR_ANOTHER_CLIENT)
    session.macros(b"C", (b"{client_addr}", b"198.51.100.7"))
    session.connect(b"caf\xe9.example", b"198.51.100.7")
    session.helo(b"after.example")
    assert session.message()[-1] == (b"c", b"")
    told = server.told_of(session)
    assert (told["client"], told["client_name"], told["outcome"]) == ("198.51.100.7", "", "evaluated")
    assert bytes.fromhex(told["helo"]) == b"after.example"
