# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport rules through a real Postfix: what the client is answered, and the octets that are delivered."""

from __future__ import annotations

import base64
import json
import smtplib
from dataclasses import dataclass, replace

import dkim
import pytest
import yaml

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.own_domain import DOMAIN, LOGIN, OwnDomain
from tests.mailhost.scratch import Scratch

OWN = f"{LOGIN}@{DOMAIN}"
PLUGIN = '''
from dataclasses import dataclass

from postward.rules.api import SetHeader, rule


@dataclass(frozen=True)
class Settings:
    word: str


@rule(id="shout", needs={"headers", "body"}, may={"set_header"}, config=Settings)
def shout(message, config, context):
    """Count a word."""
    if message.subject == "hang":
        while True:
            pass
    return [SetHeader(name="X-Shouts", value=str(message.body_text.count(config.word)))]
'''


WITH_PROGRAM = """\
From: a@bulk.example
To: you@example.net
Subject: strip-it
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

preamble
--b
Content-Type: text/plain

Hello
--b
Content-Type: application/octet-stream; name="a.exe"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="a.exe"

PROGRAM
--b
Content-Type: text/plain

Bye
--b--
epilogue
"""


def rule(name, *actions, direction="inbound", when=None, **more):
    """A rule for mail whose subject is its name."""
    return {"id": name, "direction": direction, "when": when or {"subject": {"equals": name}}, "do": [*actions], **more}


RULES = [
    rule("reject-it", {"reject": {"code": 554, "dsn": "5.7.9", "text": "Not here\nand not now"}}),
    rule("defer-it", {"defer": {"code": 450, "dsn": "4.2.9", "text": "Later"}}),
    rule("discard-it", "discard"),
    rule("hold-it", {"quarantine": {"store": "hold", "reason": "to be looked at"}}),
    rule("junk-it", "junk"),
    rule(
        "edit-it",
        {"add_header": {"name": "X-New", "value": "Gr\u00fc\u00dfe"}},
        {"set_header": {"name": "X-Old", "value": "changed"}},
        {"remove_header": {"name": "X-Gone-*"}},
        {"prefix_subject": {"text": "[EXT] ", "once": True}},
    ),
    rule("copy-it", {"add_recipient": {"address": "copy@example.net", "notify": "never"}}),
    rule("redirect-it", {"redirect": "elsewhere@example.net"}),
    rule("resend-it", {"change_sender": "lists@example.net"}),
    rule("score-it", {"score": 7.5}),
    rule("set-score", {"score": {"set": 1.5}}),
    rule("tag-it", {"tag": "seen"}),
    rule("tagged", {"add_header": {"name": "X-Tagged", "value": "yes"}}, when={"tag": "seen"}),
    rule("bypass-it", {"score": 20}, "bypass_spam"),
    rule("strip-it", {"strip_attachment": {"extension": {"in": ["exe"]}}}),
    rule("stop-it", {"add_header": {"name": "X-First", "value": "1"}}, stop="rule_set"),
    rule("behind", {"add_header": {"name": "X-Second", "value": "2"}}, when={"subject": {"in": ["stop-it"]}}),
    rule("audit-it", {"reject": {}}, {"prefix_subject": {"text": "[NO] "}}, mode="audit"),
    rule(
        "nobody-writes-to-bob",
        {"reject": {"text": "Bob takes no mail from outside"}},
        when={"recipient.address": "bob@example.net"},
    ),
    rule(
        "split-it",
        {"add_header": {"name": "X-For", "value": "carol"}},
        when={"recipient.address": "carol@example.net"},
        whole_message="split",
    ),
    rule("outgoing", {"prefix_subject": {"text": "[Corp] "}}, {"remove_header": {"name": "X-Secret"}},
         direction="internal", when={"subject": {"words": ["offer"]}}),
    {"id": "shouting", "direction": "inbound", "plugin": "shout", "settings": {"word": "all"}, "on_error": "defer",
     "when": {"subject": {"in": ["plugin", "hang"]}}},
]  # fmt: skip


@dataclass(slots=True)
class Ruled:
    """A host with these rules."""

    host: MailHost
    rules: object

    def letter(self, subject, *fields, body="Hello,\n\nall is well.\n", mail_from="a@bulk.example"):
        content = compose(*fields, subject=subject, author=mail_from, body=body)
        return Letter(content=content, mail_from=mail_from, client=self.host.world.stranger)

    def deliver(self, subject, *fields, **more):
        return Delivered(self.host.deliver(self.letter(subject, *fields, **more)))

    def refusal(self, subject):
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            self.host.send(self.letter(subject), self.host.new_recipient())
        return refused.value.smtp_code, str(refused.value.smtp_error)

    def log_of(self, rule_id):
        line = self.host.postward.log_line(f'"rule":"{rule_id}"')
        return json.loads(line)


@pytest.fixture(scope="module")
def ruled():
    with Scratch() as folder:
        rules, plugins = folder / "rules.d", folder / "plugins"
        for each in (rules, plugins):
            each.mkdir()
            each.chmod(0o755)
        (rules / "10.yaml").write_text(yaml.safe_dump({"rules": RULES}))
        (plugins / "shout.py").write_text(PLUGIN)
        folder.chmod(0o755)
        settings = {
            "rules": {"folder": str(rules), "plugin_path": [str(plugins)]},
            "log": {"format": "json"},
        }
        with MailHost(settings=settings, own_domain=OwnDomain()) as host:
            yield Ruled(host=host, rules=rules)


def test_a_refusal_of_several_lines(ruled):
    assert ruled.refusal("reject-it") == (554, "5.7.9 Not here\n5.7.9 and not now")


def test_a_refusal_for_now(ruled):
    assert ruled.refusal("defer-it") == (450, "4.2.9 Later")


def test_one_recipient_is_refused_and_the_other_gets_it(ruled):
    letter, other = ruled.letter("for two"), ruled.host.new_recipient()
    with ruled.host.session(letter.client) as session:
        session.smtp.mail(letter.mail_from)
        assert session.smtp.rcpt("bob@example.net") == (550, b"5.7.1 Bob takes no mail from outside")
        assert session.smtp.rcpt(other)[0] == 250
        assert session.smtp.data(letter.content)[0] == 250
    assert ruled.host.postfix.mailbox.wait_for(other)
    assert ruled.host.postfix.mailbox.messages("bob@example.net") == []


def test_recipients_who_get_different_messages_come_apart(ruled):
    letter, other = ruled.letter("for two"), ruled.host.new_recipient()
    with ruled.host.session(letter.client) as session:
        session.smtp.mail(letter.mail_from)
        assert session.smtp.rcpt(other)[0] == 250
        code, text = session.smtp.rcpt("carol@example.net")
        assert (code, text[:5]) == (452, b"4.5.3")
        assert session.smtp.data(letter.content)[0] == 250
    assert Delivered(ruled.host.postfix.mailbox.wait_for(other)[0]).fields("X-For") == []
    ruled.host.send(letter, "carol@example.net")
    assert Delivered(ruled.host.postfix.mailbox.wait_for("carol@example.net")[0]).field("X-For") == "carol"


def test_a_discarded_message_leaves_an_audit_line(ruled):
    recipient = ruled.host.new_recipient()
    assert ruled.host.send(ruled.letter("discard-it"), recipient).startswith("250")
    told = ruled.log_of("discard-it")
    assert told["event"] == "rule.matched"
    assert told["actions"]
    assert ruled.host.postfix.mailbox.messages(recipient) == []


def test_a_message_on_hold(ruled):
    answer = ruled.host.send(ruled.letter("hold-it"), ruled.host.new_recipient())
    queue_id = answer.rpartition(" ")[2]
    assert list((ruled.host.postfix.spool / "hold").rglob(queue_id))


def test_junk_is_marked(ruled):
    assert ruled.deliver("junk-it").is_junk


def test_header_fields_change_and_nothing_else(ruled):
    sent = ruled.letter("edit-it", "X-Old: 1", "X-Gone-A: a", "x-gone-b: b", "X-Stays: here")
    delivered = Delivered(ruled.host.deliver(sent))
    lines = sent.content.replace(b"\r\n", b"\n").split(b"\n")
    expected = [
        line.replace(b"Subject: ", b"Subject: [EXT] ").replace(b"X-Old: 1", b"X-Old: changed")
        for line in lines
        if not line.lower().startswith(b"x-gone")
    ]
    end = expected.index(b"")
    expected[end:end] = [b"X-New: =?utf-8?b?R3LDvMOfZQ==?="]
    assert delivered.content.endswith(b"\n".join(expected))


def test_a_silent_copy(ruled):
    recipient = ruled.host.new_recipient()
    ruled.host.send(ruled.letter("copy-it"), recipient)
    assert ruled.host.postfix.mailbox.wait_for(recipient)
    assert ruled.host.postfix.mailbox.wait_for("copy@example.net")


def test_another_recipient_in_place_of_this_one(ruled):
    recipient = ruled.host.new_recipient()
    ruled.host.send(ruled.letter("redirect-it"), recipient)
    assert ruled.host.postfix.mailbox.wait_for("elsewhere@example.net")
    assert ruled.host.postfix.mailbox.messages(recipient) == []


def test_another_sender(ruled):
    assert ruled.deliver("resend-it").field("Return-Path") == "<lists@example.net>"


def test_points_make_junk(ruled):
    delivered = ruled.deliver("score-it")
    assert delivered.is_junk
    assert "RULE_SCORE_IT=7.5" in delivered.field("X-Spam-Status")


def test_the_score_is_what_the_rule_says(ruled):
    assert ruled.deliver("set-score").field("X-Spam-Score") == "1.5"


def test_later_rules_see_the_tag(ruled):
    assert ruled.deliver("tag-it").field("X-Tagged") == "yes"


def test_spam_is_let_through(ruled):
    assert not ruled.deliver("bypass-it").is_junk


def test_an_attachment_goes_and_all_else_stays(ruled):
    program = base64.b64encode(b"MZ" + b"\0" * 60).decode()
    content = WITH_PROGRAM.replace("PROGRAM", program).replace("\n", "\r\n").encode()
    letter = Letter(content=content, mail_from="a@bulk.example", client=ruled.host.world.stranger)
    delivered = ruled.host.deliver(letter)
    assert program.encode() not in delivered
    before, behind = content.replace(b"\r\n", b"\n").split(b"\n\npreamble", 1)[1].split(b"Content-Type: application", 1)
    assert b"preamble" + before in delivered
    assert delivered.endswith(behind.partition(program.encode())[2])
    assert b"removed" in delivered


def test_stop_ends_the_set(ruled):
    delivered = ruled.deliver("stop-it")
    assert (delivered.fields("X-First"), delivered.fields("X-Second")) == (["1"], [])


def test_audit_mode_changes_no_octet(ruled):
    letter = ruled.letter("audit-it")
    assert Delivered(ruled.host.deliver(letter)).ends_with(letter.content)
    assert ruled.log_of("audit-it")["mode"] == "audit"


def test_what_rules_change_in_our_own_mail_is_signed(ruled):
    content = compose("X-Secret: plan", subject="Our offer", author=f"Alice <{OWN}>")
    letter = Letter(content=content, mail_from=OWN, client=replace(ruled.host.world.stranger, login=LOGIN))

    def txt(name, timeout=5):
        records = ruled.host.own_domain.zone().get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    delivered = Delivered(ruled.host.deliver(letter))
    assert (delivered.field("Subject"), delivered.fields("X-Secret")) == ("[Corp] Our offer", [])
    assert dkim.verify(delivered.as_sent, dnsfunc=txt)


def test_a_plugin_of_the_operator(ruled):
    assert ruled.deliver("plugin").field("X-Shouts") == "1"


def test_a_plugin_that_hangs_costs_its_rule_and_not_the_mail(ruled):
    assert ruled.refusal("hang")[0] == 451
    assert ruled.deliver("plugin").field("X-Shouts") == "1"


def test_rules_with_a_fault_never_replace_those_that_work(ruled):
    path = ruled.rules / "20.yaml"
    path.write_text("rules:\n- id: broken\n  direction: inbound\n  when: {subject: {regex: '(?=x)'}}\n  do: [junk]\n")
    try:
        ruled.host.postward.ask_for_reload()
        assert "20.yaml:4" in ruled.host.postward.log_line("20.yaml:4")
        assert ruled.deliver("tag-it").field("X-Tagged") == "yes"
    finally:
        path.unlink()


def test_rules_whose_own_test_fails_never_come_into_force(ruled):
    path = ruled.rules / "20.yaml"
    path.write_text(
        "rules:\n- id: wrong\n  direction: inbound\n  when: {subject: {equals: tag-it}}\n  do: [{reject: {}}]\n"
        '  tests:\n  - message: "Subject: else\\r\\n\\r\\n"\n    expect: {matches: true}\n'
    )
    try:
        ruled.host.postward.ask_for_reload()
        assert ruled.host.postward.log_line("20.yaml:7")
        assert ruled.deliver("tag-it").field("X-Tagged") == "yes"
    finally:
        path.unlink()
