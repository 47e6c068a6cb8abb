# SPDX-License-Identifier: GPL-3.0-or-later
"""What may happen in one SMTP session."""

from __future__ import annotations

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose, forged_from, genuine
from tests.mailhost.smtp import Client


def test_several_recipients(host):
    recipients = [host.new_recipient() for _ in range(5)]
    letter = genuine(host.world)
    host.send(letter, *recipients)
    for recipient in recipients:
        (file,) = host.postfix.mailbox.wait_for(recipient)
        assert Delivered(file).results("dmarc") == ["pass"]
        assert Delivered(file).ends_with(letter.content)


def test_messages_of_one_session_do_not_mix(host):
    first, second = host.new_recipient(), host.new_recipient()
    good, bad = genuine(host.world), forged_from(host.world)
    with host.session(host.world.bank_host) as session:
        session.send(good.content, mail_from=good.mail_from, rcpt_to=[first])
        session.send(bad.content, mail_from=bad.mail_from, rcpt_to=[second])
    kept = Delivered(host.postfix.mailbox.wait_for(first)[0])
    junk = Delivered(host.postfix.mailbox.wait_for(second)[0])
    assert (kept.results("dmarc"), kept.is_junk) == (["pass"], False)
    assert (junk.results("dmarc"), junk.results("spf"), junk.is_junk) == (["fail"], ["fail"], True)


def test_reset_forgets_the_envelope(host):
    recipient, letter = host.new_recipient(), genuine(host.world)
    with host.session(host.world.bank_host) as session:
        session.smtp.mail("somebody@bulk.example")
        session.smtp.rcpt(host.new_recipient())
        session.smtp.rset()
        session.send(letter.content, mail_from=letter.mail_from, rcpt_to=[recipient])
    assert "smtp.mailfrom=service@bank.example" in _own_results(host, recipient)


def test_null_sender_is_judged_by_its_helo(host):
    content = compose(subject="Undelivered Mail", author="Shop <postmaster@mail.shop.example>")
    letter = Letter(content=content, mail_from="", client=host.world.shop_host)
    delivered = Delivered(host.deliver(letter))
    assert "spf=pass smtp.helo=mail.shop.example" in delivered.own_results
    assert "smtp.mailfrom" not in delivered.own_results
    assert delivered.results("dmarc") == ["pass"]


def test_ipv6_client(host):
    client = Client(address="2001:db8::25", name="mail6.shop.example", helo="mail6.shop.example")
    content = compose(subject="over IPv6", author="Shop <orders@shop.example>")
    letter = Letter(content=content, mail_from="orders@shop.example", client=client)
    delivered = Delivered(host.deliver(letter))
    assert delivered.results("spf") == ["pass"]
    assert delivered.results("iprev") == ["pass"]


@pytest.mark.parametrize("helo", ["[192.0.2.20]", "localhost", "a..b", "x" * 200, "b\u00fccher.example"])
def test_odd_helo_names(host, helo):
    content = compose(subject="odd greeting", author="Shop <orders@shop.example>")
    letter = Letter(content=content, mail_from="orders@shop.example", client=Client(address="192.0.2.20", helo=helo))
    assert Delivered(host.deliver(letter)).results("spf") == ["pass"]


def _own_results(host, recipient):
    return Delivered(host.postfix.mailbox.wait_for(recipient)[0]).own_results
