# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest

from postward.model import rule_action as act
from postward.model.profile import Profile
from postward.rules.conditions.base import Subject
from postward.rules.errors import RuleFailure
from postward.rules.header_mark import is_valid
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from tests.unit.rules.compiling import SECRET, faults, finding, mail, rule_of, services

MAPS = """
maps: {labels: {gold: G1, silver: S2}}
lists: {team: [one@corp.example, two@corp.example]}
"""
DIRECTORY = StaticDirectory(
    hosted=["corp.example"],
    profiles=[
        Profile(
            address="alice@corp.example", name="Alice", attributes={"company": "Corp Ltd"}, manager="boss@corp.example"
        ),
        Profile(address="carl@corp.example", name="Carl"),
    ],
)
OUTBOUND = mail(
    "From: Alice <alice@corp.example>",
    "Subject: label=gold",
    "Message-ID: <1@corp.example>",
    mail_from="alice@corp.example",
    recipients=["x@other.example"],
    user="alice@corp.example",
    directory=DIRECTORY,
    now_s=1_000.0,
)


def made(action, message=OUTBOUND, when="always", **given):
    rule = rule_of(f"direction: any\nwhen: {when}\ndo: [{action}]", extra=MAPS)
    found = finding(rule, message)
    assert found.matched
    subject = Subject(message=message, services=services(message, **given))
    return rule.actions[0].make(subject, found.captures)


def action_faults(action):
    text = f"{MAPS}\nrules: [{{id: one, direction: any, when: always, do: [{action}]}}]"
    return [fault.partition("rules[0].do[0]")[2].lstrip(".: ") for fault in faults(text)]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("reject", act.Reject()),
        ("{reject: Not here}", act.Reject(text="Not here")),
        (
            "{reject: {code: 552, dsn: 5.3.4, text: Too large}}",
            act.Reject(code=552, enhanced="5.3.4", text="Too large"),
        ),
        ("{reject: {text: [one, two]}}", act.Reject(text="one\ntwo")),
        ("{reject: 'Policy of {from.domain}'}", act.Reject(text="Policy of corp.example")),
        ("{defer: {code: 452, dsn: 4.7.1, text: Later}}", act.Defer(code=452, enhanced="4.7.1", text="Later")),
        ("discard", act.Discard()),
        ("quarantine", act.Quarantine()),
        ("{quarantine: hold}", act.Quarantine(own_store=False)),
        ("{quarantine: {store: own, notify: [recipient]}}", act.Quarantine(notify=("recipient",))),
        ("{quarantine: {reason: 'for {rule.id}'}}", act.Quarantine(reason="for one")),
        ("junk", act.Junk()),
        ("bypass_spam", act.BypassSpam()),
        ("{bypass_spam: true}", act.BypassSpam()),
        ("{add_header: {name: X-A, value: 'yes'}}", act.AddHeader(name="X-A", value="yes")),
        ("{add_header: {name: X-A, value: '{{{subject}}}'}}", act.AddHeader(name="X-A", value="{label=gold}")),
        ("{set_header: {name: X-A, value: b}}", act.SetHeader(name="X-A", value="b")),
        ("{remove_header: X-A}", act.RemoveHeader(name="X-A")),
        ("{remove_header: {name: 'X-Internal-*'}}", act.RemoveHeader(name="X-Internal-*")),
        (
            r"{remove_header: {name: Received, when_matches: '10\.0\.'}}",
            act.RemoveHeader(name="Received", when_matches=r"10\.0\."),
        ),
        ("{prefix_subject: '[EXT] '}", act.PrefixSubject(text="[EXT] ")),
        ("{prefix_subject: {text: '[EXT] ', once: true}}", act.PrefixSubject(text="[EXT] ")),
        ("{add_recipient: a@b.example}", act.AddRecipient(address="a@b.example")),
        (
            "{add_recipient: {address: a@b.example, notify: default}}",
            act.AddRecipient(address="a@b.example", notify_never=False),
        ),
        ("{redirect: a@b.example}", act.Redirect(address="a@b.example")),
        ("{redirect: '{sender.manager}'}", act.Redirect(address="boss@corp.example")),
        ("{change_sender: a@b.example}", act.ChangeSender(address="a@b.example")),
        ("{change_sender: null_sender}", act.ChangeSender(address="")),
        ("{route: tls}", act.Route(name="tls")),
        ('{route: "smtp:[gw.example]:25"}', act.Route(name="smtp:[gw.example]:25")),
        ("{score: +3}", act.AddScore(points=3.0)),
        ("{score: -1.5}", act.AddScore(points=-1.5)),
        ("{score: {add: 2}}", act.AddScore(points=2.0)),
        ("{score: {set: 6}}", act.SetScore(points=6.0)),
        ("{set_score: 6}", act.SetScore(points=6.0)),
        ("{tag: vip}", act.Tag(name="vip")),
        ("{archive: legal}", act.Archive(name="legal")),
        ("{notify: admin}", act.Notify(to=("admin",))),
        ("{notify: [sender, a@b.example]}", act.Notify(to=("sender", "a@b.example"))),
        ("{notify: {to: recipient, template: big}}", act.Notify(to=("recipient",), template="big")),
        ("{notify: {list: team}}", act.Notify(to=("one@corp.example", "two@corp.example"))),
        (
            "{moderate: {by: sender.manager, expire: 2d, on_expire: bounce}}",
            act.Moderate(by=("boss@corp.example",), expire_s=172_800.0),
        ),
        ("{moderate: {by: team}}", act.Moderate(by=("one@corp.example", "two@corp.example"))),
        ("{moderate: a@b.example}", act.Moderate(by=("a@b.example",))),
        ("{audit: {severity: high}}", act.Audit(severity="high")),
        ("{audit: low}", act.Audit(severity="low")),
    ],
)
def test_actions(action, expected):
    assert made(action) == expected


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{sender.company} of {sender.name}", "Corp Ltd of Alice"),
        ("{sender.attribute.company}", "Corp Ltd"),
        ("[{sender.city}]", "[]"),
        ("{recipient.address}", "x@other.example"),
        ("{level}", "gold"),
        ("SEC={map.labels[level]}", "SEC=G1"),
        ("{rule.id} {message.id}", "one test"),
        ("{mail_from.domain}", "corp.example"),
        ("{{literal}}", "{literal}"),
    ],
)
def test_what_may_stand_in_a_text(template, text):
    when = r"{subject: {regex: 'label=(?P<level>\w+)'}}"
    message = OUTBOUND
    if "recipient" in template:
        message = type(message)(**{**_values(message), "recipient": message.recipients[0]})
    assert made(f"{{add_header: {{name: X-A, value: '{template}'}}}}", message, when).value == text


def _values(message):
    return {name: getattr(message, name) for name in message.__dataclass_fields__}


def test_what_a_message_gives_is_one_line_of_bounded_length():
    message = mail(f"Subject: =?utf-8?Q?a=0D=0ABcc:_x?= {'y' * 5_000}", "From: a@b.example")
    value = made("{add_header: {name: X-A, value: '{subject}'}}", message).value
    assert value.startswith("a  Bcc: x")
    assert len(value) == 1_000


def test_a_map_that_has_nothing_for_it_is_a_failure_of_the_rule():
    message = mail("Subject: label=lead", "From: a@b.example")
    when = r"{subject: {regex: 'label=(?P<level>\w+)'}}"
    with pytest.raises(RuleFailure, match="the map labels has nothing for 'lead'"):
        made("{set_header: {name: X-A, value: '{map.labels[level]}'}}", message, when)


@pytest.mark.parametrize("action", ["{moderate: {by: sender.manager}}", "{redirect: '{sender.manager}'}"])
def test_nobody_who_could_decide_is_a_failure_of_the_rule(action):
    message = mail("From: carl@corp.example", mail_from="carl@corp.example", user="carl@corp.example",
                   directory=DIRECTORY)  # fmt: skip
    with pytest.raises(RuleFailure, match="there is no address"):
        made(action, message)


def test_a_mark_of_our_own():
    header = made("{add_header: {name: X-Done, hmac: true}}")
    assert is_valid(header.value, "X-Done", OUTBOUND.headers, SECRET, 1_001.0)
    with pytest.raises(RuleFailure):
        made("{add_header: {name: X-Done, hmac: true}}", secret=b"")


def test_attachments_that_are_meant():
    def part(name):
        return (f'--s\nContent-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
                ).encode() + base64.encodebytes(b"x")  # fmt: skip

    message = message_from(
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=s\n\n--s\n\nhi\n"
        + part("a.js") + part("b.pdf") + part("c.vbs") + b"--s--\n"
    )  # fmt: skip
    strip = made("{strip_attachment: {extension: [js, vbs], notice: Gone}}", message)
    assert strip == act.StripAttachment(paths=("2", "4"), notice="Gone")
    assert made("strip_attachment", message).paths == ("2", "3", "4")
    with pytest.raises(RuleFailure):
        made("{strip_attachment: {extension: exe}}", message)


@pytest.mark.parametrize(
    ("action", "is_whole", "is_per_recipient"),
    [
        ("{tag: x}", False, False),
        ("junk", True, False),
        ("{quarantine: own}", False, False),
        ("{quarantine: hold}", True, False),
        ("{quarantine: {store: hold, reason: x}}", True, False),
        ("{score: {set: 5}}", True, False),
        ("{add_header: {name: X-A, value: '{recipient.address}'}}", True, True),
        ("{redirect: '{recipient.manager}'}", False, True),
        ("{moderate: recipient.manager}", False, True),
        ("strip_attachment", True, False),
    ],
)
def test_whom_actions_concern(action, is_whole, is_per_recipient):
    (made_of,) = rule_of(f"direction: any\nwhen: always\ndo: [{action}]").actions
    assert (made_of.is_whole_message, made_of.is_per_recipient) == (is_whole, is_per_recipient)


def test_kinds_are_those_of_the_model():
    rule = rule_of(
        "direction: any\nwhen: always\ndo: [{score: {set: 6}}, {score: 1}, quarantine, {tag: x, junk: true}]"
    )
    assert [action.kind for action in rule.actions] == ["set_score", "score", "quarantine", "tag", "junk"]


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("explode", "there is no such action (known here: reject, defer, discard, quarantine, junk, add_header,"),
        ("{rejct: refused}", "rejct: there is no such action (did you mean reject?)"),
        ("{reject: {code: 451}}", "reject.code: must be from 500 to 599"),
        ("{reject: {code: 550, dsn: 4.7.1}}", "reject.dsn: is of another class than the code 550 (write 5.7.1)"),
        ("{reject: {dsn: 5.7}}", "reject.dsn: must be text (put the number in quotes)"),
        ("{reject: {dsn: '5.7'}}", "reject.dsn: is no enhanced status code (write 5.7.1)"),
        ("{defer: {code: 550}}", "defer.code: must be from 400 to 499"),
        ("{reject: {txt: x}}", "reject.txt: unknown key (did you mean text?)"),
        ("{reject: 'of {form.domain}'}", "reject: nothing is called {form.domain} (did you mean from.domain?)"),
        ("{reject: 'of {'}", "reject: has a brace alone (write {{ or }} for a brace in the text)"),
        ("{junk: 3}", "junk: takes no value (write junk alone)"),
        ("add_header", "add_header needs a value (write {add_header: ...})"),
        ("{add_header: {name: X-A}}", "add_header: has no value"),
        (
            "{add_header: 'X-A: b'}",
            "add_header: must be a mapping of keys to values (write {name: ...}; its keys are name, value, hmac)",
        ),
        ("{prefix_subject: [EXTERNAL] }", "prefix_subject: must be text (put text that begins with [ or { in quotes)"),
        (
            "{add_header: {name: 'X A', value: b}}",
            "add_header.name: is no name of a header field (write it without the colon)",
        ),
        (
            "{add_header: {name: X-A, value: yes}}",
            (
                "add_header.value: must be text (put it in quotes: without them yes, no, on, off, true and"
                " false are no text)"
            ),
        ),
        (
            "{add_header: {name: X-A, value: b, hmac: true}}",
            "add_header.value: cannot stand beside hmac (the mark is the value)",
        ),
        (
            "{set_header: {name: X-A, value: '{map.lables[x]}'}}",
            "set_header.value: there is no such map (did you mean labels?)",
        ),
        (
            "{set_header: {name: X-A, value: '{map.labels[x]}'}}",
            "set_header.value: nothing is called {x} (docs/rules-reference.md has them all)",
        ),
        ("{remove_header: 'X-*-A'}", "remove_header: may have one * at its end, behind a part of the name"),
        ("{remove_header: '*'}", "remove_header: may have one * at its end, behind a part of the name"),
        (
            "{remove_header: {name: X-A, when_matches: '(?!a)'}}",
            (
                "remove_header.when_matches: is no pattern of RE2: invalid perl operator: (?! (RE2 has no"
                " look-ahead: write what must not be there as a condition below unless or none)"
            ),
        ),
        (
            "{prefix_subject: {text: a, once: false}}",
            "prefix_subject.once: a prefix is never repeated (take the key away)",
        ),
        ("{redirect: bob}", "redirect: is no address (write name@example.com)"),
        ("{redirect: 'a b@c.example'}", "redirect: is no address (write name@example.com)"),
        ("{add_recipient: {notify: never}}", "add_recipient: has no address (write name@example.com)"),
        (
            "{add_recipient: {address: a@b.example, notify: always}}",
            "add_recipient.notify: must be one of never, default",
        ),
        ("{score: lots}", "score: must be a number"),
        ("{score: {add: 1, set: 2}}", "score: must add points or set them (write {add: 3} or {set: 6})"),
        ("{score: 10000}", "score: must be from -1000 to 1000"),
        ("{tag: 'a b'}", "tag: is no tag (write letters and digits with - . _ or : between them, 64 at most)"),
        ("{notify: postmaster}", "notify: is no address (write name@example.com, or one of sender, recipient, admin)"),
        ("{moderate: {expire: 2d}}", "moderate: has no by (write {by: name@example.com})"),
        (
            "{moderate: {by: dlp-team}}",
            ("moderate.by: is no address (write name@example.com, sender.manager, or the name of a list of addresses)"),
        ),
        (
            "{moderate: {by: a@b.example, expire: 1y}}",
            "moderate.expire: must be a time (write a number with s, m, h or d, such as 90s or 2d)",
        ),
        ("{audit: {severity: huge}}", "audit.severity: must be one of low, medium, high"),
        ("{quarantine: {stoer: own}}", "quarantine.stoer: unknown key (did you mean store?)"),
        ("{quarantine: vault}", "quarantine: must be one of own, hold"),
        ("{strip_attachment: {extention: js}}", "strip_attachment.extention: unknown key (did you mean extension?)"),
        (
            "{banner: {template: x}}",
            "banner: there is no such action (known here: reject, defer, discard, quarantine, junk, add_header,",
        ),
    ],
)
def test_faults(action, fault):
    (found,) = action_faults(action)
    assert found == fault or (fault.endswith(",") and found.startswith(fault))


def test_names_that_the_configuration_knows():
    wanted = "[{route: tsl}, {archive: legal}, {notify: {to: admin, template: bgi}}]"
    text = f"rules: [{{id: one, direction: any, when: always, do: {wanted}}}]"
    known = {"route": ["tls", "gateway"], "archive": [], "notify": ["big"]}
    assert [fault.removeprefix("10.yaml:1: rules[0].do") for fault in faults(text, known_names=known)] == [
        "[0].route: postward.yaml knows no such route (did you mean tls?)",
        "[1].archive: postward.yaml knows no such archive (there is none yet: write it below archive)",
        "[2].notify.template: postward.yaml knows no such template (did you mean big?)",
    ]
    assert faults(text) == []
