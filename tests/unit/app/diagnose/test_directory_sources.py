# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.diagnose.directory_sources import check_directory
from postward.app.diagnose.finding import Level
from postward.app.directory_settings import plan_directory
from postward.config import load


@pytest.fixture
def findings(tmp_path):
    def findings(text):
        path = tmp_path / "postward.yaml"
        path.write_text(f"directory:\n  domains_dir: {tmp_path}/none\n  timeout_s: 20\n{text}", encoding="utf-8")
        return list(check_directory(plan_directory(load(path))))

    return findings


def test_nothing_is_said_without_a_source_to_wait_for(findings):
    assert findings("") == []


def test_a_source_that_answers(findings, tmp_path):
    (found,) = findings(f"  sql: {{url: 'sqlite:///{tmp_path}/x.db', domain: 'SELECT 1 WHERE :domain IS NULL'}}\n")
    assert (found.level, found.message) == (Level.OK, "sql answers")


def test_every_source_that_fails_is_told_and_no_password(findings, tmp_path):
    text = """\
  sources: [sql, ldap, redis]
  sql: {url: "sqlite:///$/x.db", sender: "SELECT may_use FROM rights WHERE login = :login"}
  ldap: {url: "ldap://127.0.0.1:1", base: dc=x, bind_dn: cn=x, bind_password: secret, sender_filter: "(uid={login})"}
  redis: {enabled: true}
redis: {url: "redis://:secret@127.0.0.1:1"}
"""
    found = findings(text.replace("$", str(tmp_path)))
    assert [(each.level, each.message.partition(":")[0]) for each in found] == [
        (Level.ERROR, "sql"),
        (Level.ERROR, "ldap"),
        (Level.ERROR, "redis"),
    ]
    assert "no such table: rights" in found[0].message
    assert not any("secret" in each.message for each in found)


@pytest.mark.parametrize(
    "query",
    [
        "recipient: 'SELECT 1 FROM missing WHERE address = :address'",
        "profile: 'SELECT name FROM missing WHERE address = :address'",
        "people: SELECT name FROM missing",
    ],
)
def test_every_kind_of_question_is_put(findings, tmp_path, query):
    (found,) = findings(f"  sql: {{url: 'sqlite:///{tmp_path}/x.db', {query}}}\n")
    assert "no such table: missing" in found.message
