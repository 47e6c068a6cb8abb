# SPDX-License-Identifier: GPL-3.0-or-later
"""Internationalized mail (RFC 6531, RFC 6532): addresses and header fields in UTF-8."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose
from tests.mailhost.smtp import SmtpSession


def test_utf8_envelope_and_header(host):
    content = compose(subject="Grüße aus Köln", author="Müller <jörg@bücher.example>", recipient="dörte@example.net")
    letter = Letter(content=content, mail_from="jörg@bücher.example", client=host.world.shop_host)
    with SmtpSession(host.postfix.ports.mx, letter.client) as session:
        session.send(content, mail_from=letter.mail_from, rcpt_to=["dörte@example.net"], smtputf8=True)
    (file,) = host.postfix.mailbox.wait_for("dörte@example.net")
    delivered = Delivered(file)
    assert delivered.ends_with(content)
    # The domain is looked up as A-labels, and its record names the shop's host.
    assert delivered.results("spf") == ["pass"]
    assert 'smtp.mailfrom="jörg@bücher.example"' in delivered.own_results
    assert not delivered.is_junk


def test_header_in_utf8_without_the_extension(host):
    """Such mail is against the rules and common."""
    content = compose(subject="Grüße", author="Müller <orders@shop.example>")
    letter = Letter(content=content, mail_from="orders@shop.example", client=host.world.shop_host)
    delivered = Delivered(host.deliver(letter))
    assert delivered.ends_with(content)
    assert delivered.results("dmarc") == ["pass"]
    assert delivered.own_results.isascii()


def test_header_that_is_no_utf8(host):
    content = compose("X-Latin: PLACE", subject="latin", author="Shop <orders@shop.example>")
    content = content.replace(b"PLACE", b"Gr\xfc\xdfe \xff\xfe")
    letter = Letter(content=content, mail_from="orders@shop.example", client=host.world.shop_host)
    delivered = Delivered(host.deliver(letter))
    assert delivered.ends_with(content)
    assert delivered.results("spf") == ["pass"]
