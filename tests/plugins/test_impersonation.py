# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.impersonation import impersonation
from postward.errors import DirectoryUnavailable
from postward.model.profile import Profile
from postward.rules.api import AddScore, AuthView, PrefixSubject, SetHeader, Tag
from postward.rules.message.stored import message_from
from tests.plugins.context import Desk, NoDirectory, mail

BOSS = Profile(
    address="bob@corp.example",
    name="Bob Boss",
    groups=frozenset({"board"}),
    other_addresses=frozenset({"Bob.Boss@private.example"}),
)
ANN = Profile(address="ann@corp.example", name="Änn Müller-Lüdenscheidt")
SUPPORT = Profile(address="support@corp.example", name="Support", kind="shared")
MARKED = [Tag(name="impersonation"), AddScore(points=3.0)]


def act(author, *, auth=None, user="", **settings):
    content = author if isinstance(author, bytes) else f"From: {author}\r\nSubject: Hi\r\n\r\nPlease pay.\r\n".encode()
    message = message_from(content, mail_from="x@evil.example", recipients=["carl@corp.example"], user=user)
    if auth is not None:
        message = replace(message, auth=auth)
    return Desk(impersonation, profiles=[BOSS, ANN, SUPPORT]).call(message, **settings)


@pytest.mark.parametrize("name", [
    "Bob Boss", '"Bob Boss"', "bob  BOSS", "Bob.Boss", "bob_boss", '"Boss, Bob"', "Boss, Bob", "Boss,Bob",
    "B\u043eb Boss", "\u0392\u043eb B\u03bfss", "B0b Boss", "Bób Boss", "B\u200bob Boss", "\uff22\uff4f\uff42 Boss",
    "=?utf-8?B?QtC+YiBCb3Nz?=", "=?utf-8?Q?B=D0=BEb?= =?utf-8?Q?_Boss?=",
    '"Bob Boss (CEO)"', "Bob Boss (CEO)", '"Bob Boss - CEO"', '"Bob Boss | Corp"', '"Bob Boss, CEO"',
    '"Corp: Bob Boss"', '"Bob Boss <bob@corp.example>"', '"Änn Müller Lüdenscheidt"', "Ann Muller-Ludenscheidt",
])  # fmt: skip
def test_a_name_of_ours_from_elsewhere(name):
    assert act(f"{name} <ceo1234@mail.example>") == MARKED


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u2060", "\u034f", "\ufe0f", "\u3164", "\u115f", "\u202e", "\u2800", "\U000e0041"]
)
def test_signs_that_nobody_sees_hide_no_name(sign):
    assert act(f"{sign}Bob Boss <x@mail.example>") == MARKED
    assert act(f"{sign * 600}Bob Boss <x@mail.example>") == MARKED
    if sign != "\u2800":
        assert act(f"Bo{sign}b Boss{sign} <x@mail.example>") == MARKED


@pytest.mark.parametrize("name", [
    "bob@corp.example", '"bob@corp.example"', '"Mail from BOB@corp.example"', '"bob@corp.example via Portal"',
])  # fmt: skip
def test_an_address_of_ours_as_a_name(name):
    assert act(f"{name} <x@evil.example>", header="X-Impersonation")[-1] == SetHeader(
        name="X-Impersonation", value="address in the display name"
    )


@pytest.mark.parametrize("author", [
    "Bob Boss <bob@corp.example>", "Bob Boss <BOB+news@corp.example>", "Boss, Bob <bob.boss@private.example>",
    '"bob@corp.example" <bob@corp.example>',
])  # fmt: skip
def test_his_own_addresses_may_use_the_name(author):
    assert act(author) == []


@pytest.mark.parametrize("author", ["Bob Boss <bob@corp.example>", "Bob Boss <bob.boss@private.example>"])
def test_but_not_when_they_are_forged(author):
    assert act(author, auth=AuthView(dmarc="fail")) == MARKED
    assert act(author, auth=AuthView(dmarc="fail", arc_override="lists.example.org")) == []
    assert act(author, auth=AuthView(dmarc="pass")) == []


@pytest.mark.parametrize("author", [
    "Bob Bossart <b@mail.example>", "Bob <b@mail.example>", "Boss <b@mail.example>", "Rob Boss <b@mail.example>",
    "Support <help@vendor.example>", "b@mail.example", "<b@mail.example>", "", "Bob Boss Junior <b@mail.example>",
    '"Bob Boss via Developers" <dev@lists.example.org>', "Boss <a@mail.example>, Bob <b@mail.example>",
    '"Carl (for Bob Boss)" <carl@mail.example>', "undisclosed-recipients:;", "nobody@corp.example <x@vendor.example>",
    '"Order 4711 | Shop" <o@shop.example>',
])  # fmt: skip
def test_other_names_are_other_peoples(author):
    assert act(author) == []


def test_a_name_without_an_address_and_a_second_author_count_too():
    assert act("Bob Boss") == MARKED
    assert act("x@evil.example, Bob Boss <y@evil.example>") == MARKED
    assert act(b"From: x@evil.example\r\nFrom: Bob Boss <y@evil.example>\r\n\r\nx") == MARKED


def test_mail_of_our_own_users_is_not_looked_at():
    assert act("Bob Boss <ann@corp.example>", user="ann@corp.example") == []


def test_short_names_count_where_asked():
    assert act("Support <help@vendor.example>", min_words=1) == MARKED


def test_only_people_of_some_groups_are_protected_where_asked():
    assert act("Bob Boss <x@evil.example>", groups=["Board"]) == MARKED
    assert act("Änn Müller-Lüdenscheidt <x@evil.example>", groups=["Board"]) == []
    assert act("ann@corp.example <x@evil.example>", groups=["Board"]) == []


def test_partners_may_write_in_our_names_where_dmarc_passes():
    author = '"Bob Boss (via Docs)" <shares@docs.example>'
    partners = {"partner_domains": ["Docs.example"]}
    assert act(author, auth=AuthView(dmarc="pass"), **partners) == []
    assert act(author, auth=AuthView(dmarc="none"), **partners) == MARKED
    assert act(author, auth=AuthView(dmarc="pass")) == MARKED


def test_what_is_done_is_the_operators():
    settings = {"tag": "vip", "points": 0, "header": "X-Vip", "subject_prefix": "[CHECK SENDER] "}
    assert act("Bob Boss <x@evil.example>", **settings) == [
        Tag(name="vip"),
        SetHeader(name="X-Vip", value="display name"),
        PrefixSubject(text="[CHECK SENDER] "),
    ]


@pytest.mark.parametrize(
    "name", ["Bob Boss" + " x" * 50_000, "a@" * 50_000, ", ".join(["Bob Boss"] * 5000), "\u0301" * 50_000]
)
def test_a_name_beyond_all_bounds_is_looked_at_in_part(name):
    act(f"{name} <x@evil.example>")


def test_two_people_of_one_name_may_both_use_it():
    other = Profile(address="bob2@corp.example", name="Bob Boss")
    desk = Desk(impersonation, profiles=[BOSS, other])
    message = message_from(mail(From="Bob Boss <bob2@corp.example>"))
    assert desk.call(message) == []


def test_without_a_directory_the_rule_answers():
    message = message_from(mail(From="Bob Boss <x@evil.example>"))
    with pytest.raises(DirectoryUnavailable):
        Desk(impersonation, directory=NoDirectory()).call(message)
