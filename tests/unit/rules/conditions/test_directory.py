# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.errors import DirectoryUnavailable
from postward.model.profile import Profile
from postward.rules.message.static_directory import StaticDirectory
from tests.unit.rules.compiling import condition_faults, finding, holds, mail, when

ALICE = Profile(
    address="alice@corp.example",
    name="Alice Adams",
    groups=frozenset({"staff", "allow-forward@corp.example"}),
    attributes={"Department": "Sales", "country": "DE"},
    manager="bob@corp.example",
)
BOB = Profile(
    address="bob@corp.example", name="Bob Boss", kind="user", other_addresses=frozenset({"bob@private.example"})
)
TEAM = Profile(address="team@corp.example", kind="group", groups=frozenset({"internal-only"}))
DIRECTORY = StaticDirectory(hosted=["corp.example"], profiles=[ALICE, BOB, TEAM])


def outbound(*fields, recipients=("x@other.example",), mail_from="alice@corp.example", **envelope):
    fields = fields or ("From: Alice <alice@corp.example>",)
    return mail(*fields, mail_from=mail_from, recipients=recipients, user="alice@corp.example",
                directory=DIRECTORY, **envelope)  # fmt: skip


def inbound(*fields, recipients=("team@corp.example",), mail_from="x@other.example", **envelope):
    return mail(*fields, mail_from=mail_from, recipients=recipients, directory=DIRECTORY, **envelope)


class Broken(StaticDirectory):
    def profile(self, address):
        raise DirectoryUnavailable("it is down")

    def people(self):
        raise DirectoryUnavailable("it is down")

    def knows(self, address):
        raise DirectoryUnavailable("it is down")

    def is_hosted(self, domain):
        raise DirectoryUnavailable("it is down")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{sender.group: staff}", True),
        ("{sender.group: STAFF}", True),
        ("{sender.group: allow-forward}", True),
        ("{sender.group: allow-forward@corp.example}", True),
        ("{sender.group: trainees}", False),
        ("{sender.group: {not_in: [trainees]}}", True),
        ("{sender.group: {not_in: [staff, trainees]}}", False),
        ("{sender.attribute: {name: department, equals: sales}}", True),
        ("{sender.attribute: {name: Country, not_in: [US]}}", True),
        ("{sender.attribute: {name: city, exists: false}}", True),
        ("{sender.manager: bob@corp.example}", True),
        ("{sender.manager: {exists: false}}", False),
        ("{sender.name: {words: adams}}", True),
        ("{sender.kind: user}", True),
        ("{sender.address: alice@corp.example}", True),
        ("{recipient.group: staff}", False),
        ("{recipient.exists: true}", False),
    ],
)
def test_what_the_directory_says_of_a_sender_of_ours(condition, expected):
    assert holds(condition, outbound()) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{recipient.group: internal-only}", True),
        ("{recipient.kind: group}", True),
        ("{recipient.exists: true}", True),
        ("{recipient.exists: false}", False),
        ("{sender.group: staff}", False),
        ("{direction: inbound}", True),
    ],
)
def test_what_the_directory_says_of_a_recipient(condition, expected):
    assert holds(condition, inbound()) is expected


def test_an_outsider_who_writes_in_our_name_is_in_no_group():
    forged = inbound("From: Alice <alice@corp.example>", mail_from="alice@corp.example")
    assert not holds("{sender.group: staff}", forged)


def test_unknown_recipients_of_hosted_domains_and_those_of_others():
    assert holds("{recipient.exists: false}", inbound(recipients=["nobody@corp.example"]))
    foreign = inbound(recipients=["x@elsewhere.example"])
    assert not holds("{recipient.exists: false}", foreign)
    assert not holds("{recipient.exists: true}", foreign)


@pytest.mark.parametrize(
    "condition",
    [
        "{sender.group: staff}",
        "{recipient.group: staff}",
        "{recipient.exists: false}",
        "{from.display_name: {same_as: directory.display_names}}",
        "{from.address: {in: directory.personal_addresses}}",
        "{auto_forward: true}",
    ],
)
def test_a_directory_that_is_down_is_no_answer(condition):
    broken = Broken()
    message = mail("From: Alice <alice@other.example>", mail_from="alice@corp.example", recipients=["b@corp.example"],
                   user="alice@corp.example", directory=StaticDirectory(hosted=["corp.example"]))  # fmt: skip
    message = type(message)(**{**vars(message), "directory": broken})
    with pytest.raises(DirectoryUnavailable):
        holds(condition, message)


NAMES = "{from.display_name: {same_as: directory.display_names, fold: confusables}}"


@pytest.mark.parametrize(
    "author",
    [
        "Bob Boss <x@gmail.example>",
        '"Boss, Bob" <x@gmail.example>',
        "Bоb Boss <x@gmail.example>",
        "=?utf-8?B?QtC+YiBCb3Nz?= <x@gmail.example>",
        "BOB BOSS (CEO) <x@gmail.example>",
        "Nobody <n@x.example>, Bob Boss <x@gmail.example>",
    ],
)
def test_a_borrowed_name(author):
    assert holds(NAMES, inbound(f"From: {author}"))


@pytest.mark.parametrize("author", ["Rob Boss <x@gmail.example>", "x@gmail.example", "Bob <x@gmail.example>"])
def test_other_names(author):
    assert not holds(NAMES, inbound(f"From: {author}"))


def test_names_may_be_compared_without_regard_to_likeness():
    exact = "{from.display_name: {same_as: directory.display_names, fold: case}}"
    assert holds(exact, inbound("From: BOB boss <x@gmail.example>"))
    assert not holds(exact, inbound("From: Bоb Boss <x@gmail.example>"))


OWN = "{from.address: {in: directory.personal_addresses}}"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Bob Boss <bob@private.example>", True),
        ("Bob Boss <BOB@corp.example>", True),
        ("Bob Boss <x@gmail.example>", False),
        # Alice's address is none that Bob may write from.
        ("Bob Boss <alice@corp.example>", False),
        ("Someone <bob@private.example>", True),
        ("Bob Boss <bob@private.example>, <x@gmail.example>", False),
    ],
)
def test_addresses_of_ones_own(author, expected):
    assert holds(OWN, inbound(f"From: {author}")) is expected
    assert holds(OWN.replace("in:", "not_in:"), inbound(f"From: {author}")) is not expected


def test_names_are_folded_anew_when_the_directory_changes():
    rule = when(NAMES)
    message = inbound("From: Carla Chef <x@gmail.example>")
    assert not finding(rule, message).matched
    more = StaticDirectory(profiles=[Profile(address="carla@corp.example", name="Carla Chef")])
    assert finding(rule, message, directory=more).matched


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (outbound(), False),
        (outbound("From: Supplier <x@supplier.example>"), True),
        (outbound("From: Alice <alice@corp.example>", mail_from="SRS0=abcd=12=supplier.example=x@corp.example"), True),
        (outbound("From: Alice <alice@corp.example>", "X-MS-Exchange-Inbox-Rules-Loop: alice@corp.example"), True),
        (outbound("From: Alice <alice@corp.example>", "Resent-From: alice@corp.example"), True),
        (outbound("From: Alice <alice@corp.example>", "Auto-Submitted: auto-forwarded"), True),
        (outbound("From: Alice <alice@corp.example>", "Auto-Submitted: auto-replied"), False),
        (outbound("From: Supplier <x@supplier.example>", "Auto-Submitted: auto-replied (vacation)"), False),
        (inbound("From: x@supplier.example"), False),
    ],
)
def test_mail_that_is_sent_on_by_itself(message, expected):
    assert holds("{auto_forward: true}", message) is expected
    assert holds("{auto_forward: false}", message) is not expected


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (
            "{from.display_name: {same_as: directory.names}}",
            (
                "from.display_name.same_as: must be one of directory.display_names (did you mean"
                " directory.display_names?)"
            ),
        ),
        (
            "{from.display_name: {same_as: directory.display_names, fold: cases}}",
            ("from.display_name.fold: must be one of confusables, case (did you mean case?)"),
        ),
        ("{sender.attribute: {equals: x}}", "sender.attribute: has no name (write {name: department, equals: Sales})"),
        ("{sender.attribute: {name: x, eqals: y}}", "sender.attribute.eqals: unknown key (did you mean equals?)"),
        ("{sender.kind: person}", "sender.kind: must be one of user, group, alias, shared, room"),
        ("{auto_forward: 'true'}", "auto_forward: must be true or false"),
    ],
)
def test_faults(condition, fault):
    assert condition_faults(condition) == [fault]
