# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.config import load
from postward.directory.entry import Known
from postward.errors import ConfigErrors
from postward.model.profile import Profile


@pytest.fixture
def plan(tmp_path):
    """Plan the directory of a configuration; ``$`` stands for the test's folder."""

    def plan(text, **files):
        folder = tmp_path / "domains.d"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
        path = tmp_path / "postward.yaml"
        text = f"directory:\n  domains_dir: {folder}\n{text}"
        path.write_text(text.replace("$", str(tmp_path)), encoding="utf-8")
        return plan_directory(load(path))

    return plan


def faults(plan, *arguments, **files):
    with pytest.raises(ConfigErrors) as caught:
        plan(*arguments, **files)
    return [(error.line, error.key, error.message) for error in caught.value.errors]


def test_the_defaults_are_an_empty_directory():
    directory = open_directory(plan_directory(load(None)))
    assert directory.is_empty


def test_files_become_a_directory(plan):
    directory = open_directory(
        plan(
            "",
            a="""\
domain: a.example
tenant: acme
settings: {junk_threshold: 4, reject_unknown_recipients: true, values: {x: y}}
recipients: [alice@a.example]
aliases: {sales: [alice]}
groups: {support: [bob@b.example, sales]}
senders:
  - {logins: [alice], may_use: ["group:support", "@b.example"]}
""",
        )
    )
    assert directory.domain("a.example").settings.values == {"x": "y"}
    assert directory.recipient("sales+x@A.example") is Known.YES
    assert directory.recipient("bob@a.example") is Known.NO
    entry = directory.sender("alice", None)
    assert entry.tenant == "acme"
    assert entry.addresses == {"alice@a.example", "sales@a.example", "support@a.example", "bob@b.example"}
    assert entry.domains == {"b.example"}


def test_people_of_files(plan):
    directory = open_directory(
        plan(
            "",
            a="""\
domain: a.example
groups: {staff: [alice]}
people:
  Alice@a.example:
    name: Alice Example
    groups: [VIP, "Board of directors"]
    attributes: {department: sales, floor: 3, remote: true}
    manager: bob
    other_addresses: [alice@elsewhere.example]
  hall: {kind: room}
""",
        )
    )
    assert directory.profile("alice+x@A.example") == Profile(
        address="alice@a.example",
        name="Alice Example",
        groups=frozenset({"staff", "staff@a.example", "vip", "board of directors"}),
        attributes={"department": "sales", "floor": "3", "remote": "true"},
        manager="bob@a.example",
        other_addresses=frozenset({"alice@elsewhere.example"}),
    )
    assert directory.profile("hall@a.example").kind == "room"
    assert [person.name for person in directory.people()] == ["Alice Example"]


@pytest.mark.parametrize(
    ("people", "key"),
    [
        ("{alice@b.example: {name: x}}", "people.alice@b.example"),
        ("{alice: {nam: x}}", "people.alice.nam"),
        ("{alice: {kind: robot}}", "people.alice.kind"),
        ("{alice: {name: ''}}", "people.alice.name"),
        ('{alice: {name: "two\\nlines"}}', "people.alice.name"),
        ("{alice: {groups: staff}}", "people.alice.groups"),
        ("{alice: {groups: [1]}}", "people.alice.groups[0]"),
        ("{alice: {manager: no address}}", "people.alice.manager"),
        ("{alice: {other_addresses: ['@']}}", "people.alice.other_addresses[0]"),
        ("{alice: {attributes: {x: [1]}}}", "people.alice.attributes.x"),
        ("[alice]", "people"),
    ],
)
def test_a_person_that_is_none_is_told_with_its_line(plan, people, key):
    assert [(line, where) for line, where, _ in faults(plan, "", a=f"domain: a.example\npeople: {people}\n")] == [
        (2, key)
    ]


def test_too_many_people_are_told(plan):
    people = ", ".join(f"u{number}: {{name: User {number}}}" for number in range(10_001))
    ((_, _, message),) = faults(plan, "", a=f"domain: a.example\npeople: {{{people}}}\n")
    assert message == "more than 10000 people"


def test_sources_keep_the_order_that_is_given(plan):
    text = """\
  sources: [sql, files]
  sql: {url: "sqlite:///$/mail.db", domain: "SELECT 'sql' AS tenant WHERE :domain <> 'x'"}
"""
    directory = open_directory(plan(text, a="domain: a.example\n"))
    assert directory.domain("a.example").tenant == "sql"
    directory.close()


def test_a_source_that_is_not_named_is_not_asked(plan):
    text = '  sources: [redis]\n  sql: {url: "sqlite:///$/mail.db"}\n  ldap: {url: "ldap://127.0.0.1", base: dc=x}\n'
    assert open_directory(plan(text, a="domain: a.example\n")).is_empty


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("  redis: {enabled: true}\nredis: {url: null}\n", (3, "directory.redis.enabled", "there is no Redis to ask")),
        (
            "  sql: {url: 'oracel://x'}\n",
            (3, "directory.sql.url", "is of a kind of data base that SQLAlchemy does not know"),
        ),
        (
            "  sql: {url: 'mysql+pymysql://x'}\n",
            (3, "directory.sql.url", "needs the driver pymysql, which is not installed"),
        ),
        ("  sql: {url: 'sqlite://h:port/x'}\n", (3, "directory.sql.url", "is no URL of a data base")),
        (
            "  ldap: {url: 'ldap://h', base: dc=x, sender_filter: 'uid={login}'}\n",
            (3, "directory.ldap.sender_filter", "is no LDAP filter"),
        ),
        (
            "  ldap: {url: 'ldap://h', base: dc=x, people_filter: 'mail=*'}\n",
            (3, "directory.ldap.people_filter", "is no LDAP filter"),
        ),
        (
            "  ldap: {url: 'ldap://h', base: dc=x, sender_filter: '(&(uid={login})'}\n",
            (3, "directory.ldap.sender_filter", "is no LDAP filter"),
        ),
    ],
)
def test_a_source_of_no_use_is_told_with_its_line(plan, text, fault):
    assert faults(plan, text) == [fault]


def test_everything_that_is_wrong_is_told_at_once(plan):
    text = "  redis: {enabled: true}\n  sql: {url: 'oracel://x'}\nredis: {url: null}\n"
    found = faults(plan, text, a="domian: a.example\n")
    assert [key for _, key, _ in found] == ["domain", "domian", "directory.redis.enabled", "directory.sql.url"]


def test_a_group_that_is_too_large_is_told(plan):
    members = ", ".join(f"u{number}" for number in range(10_001))
    ((_, _, message),) = faults(plan, "", a=f"domain: a.example\ngroups: {{all: [{members}]}}\n")
    assert "more than 10000 addresses" in message
