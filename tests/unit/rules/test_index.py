# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import io
import random
import sys
import zipfile
from dataclasses import replace
from ipaddress import ip_address

import pytest

from postward.errors import DirectoryUnavailable
from postward.model.profile import Profile
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from postward.rules.message.views import AuthView, Client
from tests.unit.rules.compiling import compiled, finding, mail

LONE = "{{id: r{0}, direction: {1}, when: {2}, do: [{{tag: x}}]}}"


def rules(*conditions, direction="inbound"):
    lines = [LONE.format(number, direction, condition) for number, condition in enumerate(conditions)]
    return compiled("rules:\n" + "".join(f"- {line}\n" for line in lines))


def with_archive(name, content):
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        archive.writestr(name, content)
    head = "From: x@nowhere.example\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    return message_from(
        head.encode() + base64.encodebytes(octets.getvalue()),
        mail_from="x@nowhere.example",
        recipients=["me@corp.example"],
    )


def message(*fields, **envelope):
    usual = {"mail_from": "x@nowhere.example", "recipients": ["me@corp.example"]}
    return mail(*(fields or ("From: x@nowhere.example",)), **{**usual, **envelope})


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ("{mail_from: a@b.example}", message(mail_from="A@b.example")),
        ("{mail_from: '*.b.example'}", message(mail_from="a@x.b.example")),
        ("{mail_from.domain: b.example}", message(mail_from="a@B.example")),
        ("{mail_from: null_sender}", message(mail_from="")),
        ("{recipient.address: me2@corp.example}", message(recipients=["me@corp.example", "ME2@corp.example"])),
        ("{recipient.domain: '*.example'}", message()),
        ("{client.ip: 192.0.2.0/24}", message(ip="192.0.2.7")),
        ("{client.ip: '2001:db8::/32'}", message(ip="2001:db8::7")),
        ("{client.helo: mx.b.example}", message(helo="MX.b.example")),
        ("{from.address: a@b.example}", message("From: x@y.example, A <a@B.example>")),
        ("{from.domain: .b.example}", message("From: a@x.b.example")),
        ("{subject: {words: lottery}}", message("Subject: Lottery!")),
        ("{subject: {starts_with: lot}}", message("Subject: LOTTERY")),
        ("{subject: lottery}", message("Subject: Lottery")),
        ("{subject: {regex: 'lot+ery'}}", message("Subject: a lottery")),
        ("{subject: {regex: ['^x', 'lot+ery']}}", message("Subject: a lottery")),
        ("{header: {name: X-Mailer, contains: mass}}", message("X-Mailer: MASS 3")),
        ("{header: {name: X-Mailer, equals: mass 3}}", message("X-Mailer: a", "X-Mailer: Mass  3")),
        ("{header: {name: X-Mailer, matches: '[0-9]'}}", message("x-mailer: MASS 3")),
        ("{header: {name: X.Y, exists: true}}", message("X.Y:")),
        ("{header: {name: X-Y, empty: false}}", message("X-Y: z")),
        ("{body: {words: hello}}", message()),
        ("{body: {regex: 'H.llo'}}", message()),
        ("{subject_or_body: {words: hello}}", message()),
        ("{subject_or_body: {words: hello}}", message("Subject: hello", body="x")),
        ("{auth.dmarc: fail}", replace(message(), auth=AuthView(dmarc="fail"))),
        (
            "{auth.dkim_domain: '*.b.example'}",
            replace(message(), auth=AuthView(dkim_domains=("a.example", "x.b.example"))),
        ),
        ("{auth.arc: {pass_from: b.example}}", replace(message(), auth=AuthView(arc="pass", arc_sealer="b.example"))),
        ("{symbol: BAYES_99}", replace(message(), symbols={"BAYES_99": 3.0})),
        ("{tag: vip}", replace(message(), tags=frozenset({"vip"}))),
        ("{client.user: bob}", replace(message(), client=Client(user="Bob"))),
        ("{attachment: {extension: js}}", message("Content-Type: text/plain; name=a.js")),
        ("{attachment: {true_type: script}}", message("Content-Disposition: attachment", body="#!/bin/sh\n")),
        ("{attachment: {size: {lt: 1MB}}}", message("Content-Disposition: attachment")),
        ("{attachment: {extension: txt, archives: 1}}", with_archive("a.txt", b"x")),
        ("{attachment: {true_type: script, archives: 1}}", with_archive("a", b"#!/bin/sh\n")),
        ("{all: [{body: {words: absent}}, {mail_from: a@b.example}]}", message(mail_from="a@b.example")),
        ("{any: [{mail_from: a@b.example}, {subject: {words: lottery}}]}", message("Subject: lottery")),
        ("{all: [{any: [{tag: a}, {tag: b}]}, {size: {gt: 1MB}}]}", replace(message(), tags=frozenset({"b"}))),
    ],
)
def test_a_rule_is_left_for_a_message_that_it_may_be_about_and_for_no_other(condition, meant):
    found = rules(condition)
    assert found.candidates(meant) == [0]
    assert rules("always", condition).candidates(message("From: y@else.example", body="x", recipients=["x@y.test"],
                                                         mail_from="y@else.test")) == [0]  # fmt: skip


@pytest.mark.parametrize(
    "condition",
    [
        "always",
        "{none: [{mail_from: a@b.example}]}",
        "{mail_from: {not_in: [a@b.example]}}",
        "{any: [{mail_from: a@b.example}, {size: {gt: 1}}]}",
        "{size: {gt: 1MB}}",
        "{score: {gt: 5}}",
        "{attachment: {uninspectable: true}}",
        "{header: {name: X-A, exists: false}}",
        "{mail_from: {starts_with: zz}}".replace("mail_from", "mail_from.local_part"),
        "{rate: {key: mail_from, over: 5/1m}}",
    ],
)
def test_a_rule_of_which_nothing_is_known_beforehand_is_always_left(condition):
    assert rules(condition).candidates(message()) == [0]


def test_rules_for_mail_that_goes_another_way_are_left_out():
    text = "rules:\n" + "".join(
        f"- {{id: {name}, direction: {name}, do: [{{tag: x}}]}}\n"
        for name in ("inbound", "outbound", "internal", "local", "any")
    )
    found = compiled(text)
    assert found.candidates(message()) == [0, 4]
    own = mail("From: a@corp.example", mail_from="a@corp.example", user="a", hosted=["corp.example"],
               recipients=["b@corp.example", "x@other.example"])  # fmt: skip
    assert found.candidates(own) == [1, 2, 4]
    assert found.candidates(replace(own, recipients=own.recipients[:1])) == [2, 4]


class Broken(StaticDirectory):
    def is_hosted(self, domain):
        raise DirectoryUnavailable("down")

    def profile(self, address):
        raise DirectoryUnavailable("down")


def test_where_nobody_can_say_which_way_it_goes_every_rule_is_left():
    found = rules("always", direction="internal")
    own = mail(
        "From: a@corp.example", mail_from="a@corp.example", user="a", recipients=["b@c.example"], directory=Broken()
    )
    assert found.candidates(own) == [0]


def test_groups_of_the_directory():
    directory = StaticDirectory(
        hosted=["corp.example"],
        profiles=[
            Profile(address="a@corp.example", groups=frozenset({"staff@corp.example"})),
            Profile(address="b@corp.example", groups=frozenset({"board"})),
        ],
    )
    found = rules("{sender.group: staff}", "{recipient.group: board}", "{recipient.group: other}", direction="any")
    given = {
        "mail_from": "a@corp.example",
        "recipients": ["x@corp.example", "b@corp.example"],
        "user": "a@corp.example",
    }
    assert found.candidates(mail("From: a@corp.example", directory=directory, **given)) == [0, 1]
    assert found.candidates(mail("From: a@corp.example", directory=StaticDirectory(), **given)) == []
    assert found.candidates(mail("From: a@corp.example", directory=Broken(), **given)) == [0, 1, 2]


def test_what_a_rule_changes_lets_others_match():
    found = rules("{tag: vip}", "{mail_from: new@b.example}")
    before = message()
    assert found.candidates(before) == []
    assert found.candidates(replace(before, tags=frozenset({"vip"}))) == [0]
    assert found.candidates(replace(before, sender=type(before.sender)("new@b.example"))) == [1]


_WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


def _condition(chance, depth=0):
    kind = chance.randrange(15 if depth < 2 else 11)
    word, other = chance.choice(_WORDS), chance.choice(_WORDS)
    leaves = (
        f"{{mail_from: {word}@{other}.example}}", f"{{mail_from.domain: ['{other}.example', '*.{word}.example']}}",
        "{from.domain: '*.example'}", f"{{subject: {{words: [{word}, {other}]}}}}",
        f"{{subject: {{regex: '{word}.*{other}'}}}}", f"{{header: {{name: X-{word}, contains: {other}}}}}",
        f"{{header: {{name: X-{word}, exists: true}}}}", f"{{body: {{contains: {word}}}}}",
        f"{{subject_or_body: {{words: {word}}}}}", f"{{recipient.address: {word}@{other}.example}}",
        f"{{client.ip: [192.0.2.{chance.randrange(4)}, 198.51.100.0/2{chance.randrange(4, 9)}]}}".replace(
            "198.51.100.0/2", "198.51.100.0/2"),
    )  # fmt: skip
    if kind < len(leaves):
        return leaves[kind]
    parts = ", ".join(_condition(chance, depth + 1) for _ in range(chance.randrange(1, 4)))
    return f"{{{('all', 'any', 'none', 'all')[kind - len(leaves)]}: [{parts}]}}"


def _message(chance):
    def words(count):
        return " ".join(chance.choice(_WORDS) for _ in range(count))

    def address():
        return f"{chance.choice(_WORDS)}@{chance.choice(['', 'sub.'])}{chance.choice(_WORDS)}.example"

    made = mail(
        f"From: {address()}",
        f"Subject: {words(chance.randrange(4))}",
        *(f"X-{chance.choice(_WORDS)}: {words(2)}" for _ in range(chance.randrange(3))),
        body=words(chance.randrange(8)),
        mail_from=chance.choice([address(), ""]),
        recipients=[address() for _ in range(chance.randrange(1, 4))],
    )
    return replace(made, client=Client(address=ip_address(f"192.0.2.{chance.randrange(6)}")))


@pytest.mark.parametrize("seed", range(20))
def test_no_rule_that_matches_is_ever_left_out(seed):
    chance = random.Random(seed)
    found = rules(*(_condition(chance) for _ in range(60)))
    for _ in range(40):
        each = _message(chance)
        candidates = set(found.candidates(each))
        for index, rule in enumerate(found.at_end):
            views = [replace(each, recipient=view) for view in each.recipients]
            if any(finding(rule, view).matched for view in views):
                assert index in candidates, rule.condition


def unmatched(count):
    conditions = [
        (
            f"{{mail_from.domain: [a{number}.test, '*.b{number}.test']}}",
            f"{{from.address: c{number}@d.test}}",
            f"{{recipient.address: e{number}@f.test}}",
            f"{{subject: {{words: lottery {number}}}}}",
            f"{{client.ip: 10.{number // 250}.{number % 250}.0/24}}",
        )[number % 5]
        for number in range(count)
    ]
    return rules(*conditions)


def calls_for(found):
    """How many functions are called, in Python and in C, to find the candidates of one message."""
    one = message("From: x@nowhere.example", "Subject: Hello there")
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        candidates = found.candidates(one)
    finally:
        sys.setprofile(None)
    assert candidates == []
    return calls


def test_a_thousand_rules_that_do_not_match_are_as_much_work_as_ten():
    assert calls_for(unmatched(1_000)) <= calls_for(unmatched(10)) + 20
