# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of our own users leaves with a return path that only we can make, and bounces to another are refused."""

from __future__ import annotations

import re
from dataclasses import replace

import dkim
import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.own_domain import DOMAIN, LOGIN, OwnDomain

OWN = f"{LOGIN}@{DOMAIN}"
BOUNCE_DOMAIN = f"bounce.{DOMAIN}"
STRICT = {
    "recipients": [LOGIN, *(f"user{number}" for number in range(10))],
    "settings": {"reject_unknown_recipients": True},
}
FIELDS = {"cfbl_address": f"fbl@{DOMAIN}", "feedback_id": "example-net"}


@pytest.fixture(scope="module")
def batv_host():
    section = {"style": "batv", "domains": [DOMAIN], **FIELDS}
    with MailHost(own_domain=OwnDomain(entry=STRICT), settings={"return_path": section}) as running:
        yield running


@pytest.fixture(scope="module")
def verp_host():
    section = {
        "style": "verp", "domains": [DOMAIN], "bounce_domain": BOUNCE_DOMAIN, "deliver_to": f"bounces@{DOMAIN}",
        "pool": "c", **FIELDS,
    }  # fmt: skip
    with MailHost(own_domain=OwnDomain(), settings={"return_path": section}) as running:
        yield running


def _outgoing(host, **keywords):
    content = compose(subject="An offer", author=f"Alice <{OWN}>", **keywords)
    return Letter(content=content, mail_from=OWN, client=replace(host.world.stranger, login=LOGIN))


def _sent(host):
    return Delivered(host.deliver(_outgoing(host)))


def _return_path(delivered):
    return delivered.field("Return-Path").strip("<>")


def _bounce(host):
    content = compose(subject="Undelivered Mail", author="MAILER-DAEMON@bulk.example", body="It did not arrive.\n")
    return Letter(content=content, mail_from="", client=host.world.stranger)


def _answer_to(host, recipient):
    with host.session(host.world.stranger) as session:
        session.smtp.mail("")
        return session.smtp.rcpt(recipient)


def _changed(address):
    """Another character in place of the last one of the tag or token."""
    head, at, domain = address.rpartition("@")
    tag, equals, local_part = head.rpartition("=") if "=" in head else (head, "", "")
    return f"{tag[:-1]}{'b' if tag[-1] == 'a' else 'a'}{equals}{local_part}{at}{domain}"


def _is_signed(host, content):
    """What dkimpy, which is not ours, says of a message."""

    def txt(name, timeout=5):
        records = host.own_domain.zone().get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    return dkim.verify(content, dnsfunc=txt)


def test_a_users_message_leaves_with_a_tagged_return_path(batv_host):
    assert re.fullmatch(rf"prvs=\d{{4}}[0-9a-f]{{6}}={LOGIN}@{DOMAIN}", _return_path(_sent(batv_host)))


def test_its_feedback_fields_are_covered_by_the_signature(verp_host):
    delivered = _sent(verp_host)
    token = delivered.field("CFBL-Feedback-ID")
    assert _return_path(delivered) == f"b+c.{token}@{BOUNCE_DOMAIN}"
    assert delivered.field("CFBL-Address") == f"fbl@{DOMAIN}; report=arf"
    assert delivered.field("Feedback-ID") == f":{DOMAIN}:mail:example-net"
    assert _is_signed(verp_host, delivered.as_sent)
    for name in (b"CFBL-Address: ", b"CFBL-Feedback-ID: ", b"Feedback-ID: "):
        assert not _is_signed(verp_host, delivered.as_sent.replace(b"\r\n" + name, b"\r\n" + name + b"x"))


def test_a_bounce_goes_to_the_user_even_where_the_case_was_folded(batv_host):
    path = _return_path(_sent(batv_host))
    batv_host.send(_bounce(batv_host), path)
    batv_host.send(_bounce(batv_host), path.upper())
    assert len(batv_host.postfix.mailbox.wait_for(OWN, count=2)) == 2


def test_a_bounce_to_a_token_goes_to_who_looks_after_bounces(verp_host):
    verp_host.send(_bounce(verp_host), _return_path(_sent(verp_host)))
    (content,) = verp_host.postfix.mailbox.wait_for(f"bounces@{DOMAIN}")
    assert b"It did not arrive." in content


@pytest.mark.parametrize("name", ["batv_host", "verp_host"])
def test_a_bounce_to_a_return_path_that_we_did_not_make_is_refused(name, request):
    host = request.getfixturevalue(name)
    code, words = _answer_to(host, _changed(_return_path(_sent(host))))
    assert (code, words.startswith(b"5.1.1")) == (550, True)


def test_a_genuine_return_path_counts_as_its_user_and_nobody_elses(batv_host):
    path = _return_path(_sent(batv_host))
    assert _answer_to(batv_host, path)[0] == 250
    assert _answer_to(batv_host, path.replace(f"={LOGIN}@", "=user1@"))[0] == 550
    assert _answer_to(batv_host, f"nobody@{DOMAIN}")[0] == 550


def test_mail_from_outside_keeps_its_return_path_and_its_fields(batv_host):
    content = compose("CFBL-Address: fbl@bulk.example; report=arf", subject="Hello", author="a@bulk.example")
    letter = Letter(content=content, mail_from="a@bulk.example", client=batv_host.world.stranger)
    delivered = Delivered(batv_host.deliver(letter))
    assert _return_path(delivered) == "a@bulk.example"
    assert delivered.field("CFBL-Address") == "fbl@bulk.example; report=arf"
