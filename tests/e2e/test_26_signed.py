# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of our own users is signed, and nobody uses an address that is another's."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP

import dkim
import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.own_domain import DOMAIN, LOGIN, OwnDomain

OWN = f"{LOGIN}@{DOMAIN}"
STRICT = {"recipients": [LOGIN, "postmaster"], "settings": {"reject_unknown_recipients": True}}


@pytest.fixture(scope="module")
def own_host():
    with MailHost(own_domain=OwnDomain()) as running:
        yield running


@pytest.fixture(scope="module")
def strict_host():
    with MailHost(own_domain=OwnDomain(entry=STRICT)) as running:
        yield running


def _user(host, login=LOGIN):
    return replace(host.world.stranger, login=login)


def _letter(host, *, author=OWN, mail_from=OWN, client=None, **keywords):
    content = compose(subject="An offer", author=f"Alice <{author}>", **keywords)
    return Letter(content=content, mail_from=mail_from, client=client or _user(host))


def _is_signed(host, delivered):
    """What dkimpy, which is not ours, says of the message in the mailbox."""

    def txt(name, timeout=5):
        records = {**host.world.zone(), **host.own_domain.zone()}.get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    return dkim.verify(delivered.as_sent, dnsfunc=txt)


def test_a_users_message_is_signed_for_everybody_to_verify(own_host):
    delivered = Delivered(own_host.deliver(_letter(own_host)))
    (signature,) = delivered.fields("DKIM-Signature")
    assert f"d={DOMAIN}; s=pw1;" in signature
    assert _is_signed(own_host, delivered)


def test_what_is_signed_comes_from_postfix_octet_for_octet(own_host):
    body = "caf\u00e9  \n\n.dot\n..dots\n" + "x" * 3000 + "\n \t\nend\n\n\n"
    delivered = Delivered(own_host.deliver(_letter(own_host, body=body)))
    assert _is_signed(own_host, delivered)


def test_a_message_without_date_and_message_id_gets_both_and_they_are_signed(own_host):
    lines = [
        line for line in _letter(own_host).content.split(b"\r\n") if not line.startswith((b"Date:", b"Message-ID:"))
    ]
    letter = replace(_letter(own_host), content=b"\r\n".join(lines))
    delivered = Delivered(own_host.deliver(letter))
    assert delivered.field("Date")
    assert delivered.field("Message-ID").startswith("<")
    (signature,) = delivered.fields("DKIM-Signature")
    signed = signature.lower().replace(" ", "").partition(";h=")[2].partition(";")[0].split(":")
    assert {"date", "message-id"} <= set(signed)
    assert _is_signed(own_host, delivered)


def test_an_address_of_ones_own_may_have_a_tag_and_be_an_alias(own_host):
    for address in (f"{LOGIN}+news@{DOMAIN}", f"sales@{DOMAIN}"):
        letter = _letter(own_host, author=address, mail_from=address)
        assert _is_signed(own_host, Delivered(own_host.deliver(letter)))


def test_anothers_address_in_the_envelope_is_refused_at_once(own_host):
    letter = _letter(own_host, mail_from=f"ceo@{DOMAIN}")
    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        own_host.send(letter, own_host.new_recipient())
    assert refusal.value.smtp_code == 550
    assert "5.7.1" in str(refusal.value.smtp_error)


def test_anothers_address_in_from_is_reported_in_sender_and_not_signed(own_host):
    delivered = Delivered(own_host.deliver(_letter(own_host, author=f"ceo@{DOMAIN}")))
    assert OWN in delivered.field("Sender")
    assert delivered.fields("DKIM-Signature") == []


def test_two_authors_are_refused_on_submission(own_host):
    content = compose(f"From: ceo@{DOMAIN}", subject="Who?", author=OWN)
    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        own_host.send(replace(_letter(own_host), content=content), own_host.new_recipient())
    assert refusal.value.smtp_code == 550


def test_our_own_domain_from_outside_is_for_dmarc_to_judge(own_host):
    delivered = Delivered(own_host.deliver(_letter(own_host, client=own_host.world.stranger)))
    assert delivered.fields("DKIM-Signature") == []
    assert delivered.results("dmarc") == ["fail"]
    assert delivered.is_junk


def test_an_unknown_recipient_is_refused_at_rcpt_and_the_others_get_the_message(strict_host):
    letter = _letter(
        strict_host, client=strict_host.world.stranger, author="a@bulk.example", mail_from="a@bulk.example"
    )
    with strict_host.session(letter.client) as session:
        session.smtp.mail(letter.mail_from)
        assert session.smtp.rcpt(f"nobody@{DOMAIN}")[0] == 550
        assert session.smtp.rcpt(OWN)[0] == 250
        assert session.smtp.data(letter.content)[0] == 250
    assert len(strict_host.postfix.mailbox.wait_for(OWN)) == 1
    assert "rcpt=nobody@example.net" in strict_host.postward.log_line("event=recipient.refused")


def test_the_signature_is_above_all_that_the_message_had(own_host):
    names = message_from_bytes(Delivered(own_host.deliver(_letter(own_host))).as_sent, policy=SMTP).keys()
    assert names.index("DKIM-Signature") < names.index("Received")
