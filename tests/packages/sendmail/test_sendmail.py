# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail through a real Sendmail, attached to Postward's package by the snippet that comes with it."""

from __future__ import annotations

import smtplib
from email import message_from_bytes
from email.policy import SMTP

import dkim
import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import compose, forged_results, genuine
from tests.packages.sendmail.sendmail_host import ELSEWHERE, LOGIN


def _verifies(host, content):
    """What dkimpy, which is not ours, says of the first signature."""
    zone = {**host.world.zone(), **host.own_domain.zone()}

    def txt(name, timeout=5):
        return next(
            ("".join(each["TXT"]).encode() for each in zone.get(name.decode().rstrip("."), []) if "TXT" in each), None
        )

    return dkim.verify(content, dnsfunc=txt)


def _mailbox(content):
    """A message of a mailbox as it was sent: mail.local adds Return-Path on top and Content-Length at the end."""
    return content.partition(b"\n")[2].replace(b"\n", b"\r\n")


def _offer(**keywords):
    return compose(subject="An offer", author=f"Alice <{LOGIN}@example.net>", **keywords)


def test_the_snippet_is_what_the_command_prints(host):
    snippet = host.root.path("/usr/share/postward/sendmail/postward.m4").read_text()
    assert host.root.run("postward", "mta", "sendmail").stdout == snippet


def test_a_genuine_message_is_delivered_with_our_fields(host):
    delivered = Delivered(host.deliver(genuine(host.world)))
    assert {method: delivered.results(method) for method in ("spf", "dkim", "dmarc", "iprev")} == {
        "spf": ["pass"], "dkim": ["pass"], "dmarc": ["pass"], "iprev": ["pass"],
    }  # fmt: skip
    assert delivered.field("X-Spam-Flag") == "NO"
    assert delivered.field("X-Spam-Status").startswith("No, score=-")


def test_our_fields_stand_above_all_others_in_their_order(host):
    content = host.deliver(genuine(host.world))
    names = [name for name in message_from_bytes(content, policy=SMTP) if name not in {"Return-Path", "X-Spam-Level"}]
    assert names[:6] == [
        "Authentication-Results", "X-Spam-Flag", "X-Spam-Score", "X-Spam-Status",
        "X-Postward-Reason", "X-Postward-Pass",
    ]  # fmt: skip
    assert names[6:8] == ["Received", "DKIM-Signature"]
    for line in content.partition(b"\n\n")[0].split(b"\n"):
        assert b":  " not in line[:30], "two spaces behind a colon"


def test_what_others_have_signed_stays_as_it_was(host):
    content = host.deliver(genuine(host.world))
    assert _verifies(host, content.replace(b"\n", b"\r\n"))


def test_forged_results_are_removed_and_the_message_is_junk(host):
    delivered = Delivered(host.deliver(forged_results(host.world)))
    assert len(delivered.fields("Authentication-Results")) == 1
    assert delivered.results("dmarc") == ["fail"]
    assert delivered.is_junk


@pytest.mark.parametrize(
    "content",
    [
        _offer(recipient=f"bob@{ELSEWHERE}"),
        _offer(recipient=f"bob@{ELSEWHERE},carol@{ELSEWHERE},\r\n\tdave@{ELSEWHERE}"),
        _offer(recipient=",\r\n\t".join(f"Number {number} <p{number}@{ELSEWHERE}>" for number in range(12))),
        _offer(recipient=", ".join(f"Number {number} <p{number}@{ELSEWHERE}>" for number in range(12))),
        _offer(
            recipient="undisclosed-recipients:;", body="caf\u00e9  \n\n.dot\n..dots\nFrom me\n" + "x" * 900 + "\n\n\n"
        ),
        _offer(recipient=f"bob@{ELSEWHERE}").replace(b"Subject: An offer", b"Subject: " + b"long " * 60),
        _offer(recipient=f"bob@{ELSEWHERE}").replace(b"Subject: An offer\r\n", b"Bcc: x@elsewhere.example\r\n"),
    ],
    ids=["plain", "no-blanks", "folded", "long", "body", "subject", "bcc"],
)
def test_a_signature_of_ours_verifies_where_sendmail_has_sent_it(host, content):
    user = host.new_user()
    host.submit(content, f"{user}@{ELSEWHERE}", f"{user}@example.net")
    assert _verifies(host, host.smarthost.wait_for(f"{user}@{ELSEWHERE}").content)
    assert _verifies(host, _mailbox(host.wait_for(user)))


def test_what_a_users_message_lacks_is_there_once_and_signed(host):
    user = host.new_user()
    lines = [line for line in _offer().split(b"\r\n") if not line.startswith((b"Date:", b"Message-ID:"))]
    host.submit(b"\r\n".join(lines), f"{user}@{ELSEWHERE}")
    content = host.smarthost.wait_for(f"{user}@{ELSEWHERE}").content
    names = [name.lower() for name in message_from_bytes(content, policy=SMTP)]
    assert (names.count("date"), names.count("message-id")) == (1, 1)
    assert _verifies(host, content)


def test_anothers_address_is_refused_with_our_words(host):
    with host.session(host.world.shop_host.address, port=587) as smtp:
        smtp.login(LOGIN, "secret")
        assert smtp.mail("ceo@example.net")[0] == 250
        code, words = smtp.rcpt(f"bob@{ELSEWHERE}")
    assert (code, words[:5]) == (550, b"5.7.1")


def test_two_authors_are_refused_at_the_end(host):
    with host.session(host.world.shop_host.address, port=587) as smtp:
        smtp.login(LOGIN, "secret")
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.sendmail(f"{LOGIN}@example.net", [f"bob@{ELSEWHERE}"], b"From: ceo@example.net\r\n" + _offer())
    assert refusal.value.smtp_code == 550


def test_nothing_passes_while_postward_is_gone_and_mail_flows_when_it_is_back(host):
    letter = genuine(host.world)
    host.stop_postward()
    try:
        with (
            host.session(letter.client.address) as smtp,
            pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused)) as refusal,
        ):
            smtp.sendmail(letter.mail_from, [f"{host.new_user()}@example.net"], letter.content)
    finally:
        host.start_postward()
    assert "451" in str(refusal.value)
    assert Delivered(host.deliver(letter)).results("dmarc") == ["pass"]


def test_sendmail_knows_the_queue_id_of_the_log(host):
    user = host.new_user()
    letter = genuine(host.world)
    with host.session(letter.client.address, helo=letter.client.helo) as smtp:
        smtp.mail(letter.mail_from)
        smtp.rcpt(f"{user}@example.net")
        _, words = smtp.data(letter.content)
    queue_id = words.decode().split()[1]
    host.wait_for(user)
    assert f"qid={queue_id} " in host.postward.log_text()
