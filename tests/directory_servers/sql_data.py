# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the contract tests in SQL, as an operator might keep it."""

from __future__ import annotations

import sqlalchemy

from postward.directory.sql.settings import SqlSettings

_SCHEMA = """
CREATE TABLE domains (name TEXT PRIMARY KEY, tenant TEXT, junk_threshold NUMERIC(5, 2), reject BOOLEAN, banner TEXT);
CREATE TABLE mailboxes (address TEXT PRIMARY KEY);
CREATE TABLE rights (login TEXT, may_use TEXT, tenant TEXT);
CREATE TABLE members (group_address TEXT, member TEXT);
CREATE TABLE clients (network TEXT, may_use TEXT, tenant TEXT);
CREATE TABLE people (address TEXT, name TEXT, kind TEXT, department TEXT, manager TEXT, elsewhere TEXT);
CREATE TABLE memberships (address TEXT, name TEXT)
"""
_ROWS = {
    "domains": [
        ("example.com", "acme", 4.5, True, "external"),
        ("example.org", None, None, False, None),
        ("xn--bcher-kva.example", "books", None, False, None),
        ("broken.example", "x", 1e9 - 1e9, True, None),
    ],
    "mailboxes": [
        ("alice@example.com",), ("bob@example.com",), ("literal+tag@example.com",), ("sales@example.com",),
        ("support@example.com",), ("second@example.com",), ("*@example.org",),
    ],
    "rights": [
        ("alice@example.com", "@example.net *.example.net", "acme"),
        ("alice@example.com", "sales@example.com, second@example.com", None),
        ("alice@example.com", "support@example.com", "acme"),
        ("bob@example.com", "group:support@example.com", "acme"),
        ("root@example.com", "*", "acme"),
        ("broken@example.com", "no address", "acme"),
        ("carol", "carol@example.com", "acme"),
    ],
    "members": [
        ("support@example.com", "alice"), ("support@example.com", "carol@example.org"),
        ("support@example.com", "group:second@example.com"), ("second@example.com", "bob@example.com"),
        ("second@example.com", "group:support@example.com"),
    ],
    "clients": [
        ("192.0.2.0/24", "@example.com", "acme"), ("2001:db8::/32", "@example.com", "acme"),
        ("192.0.2.128/25", "printer@example.com", "acme"),
    ],
    "people": [
        ("alice@example.com", "Alice Example", None, "sales", "bob@example.com", "alice@elsewhere.example"),
        ("bob@example.com", "Bob Example", "shared", None, "", None),
        ("broken@example.com", None, "robot", None, None, None),
        ("mallory@example.net", "two\nlines", None, None, None, None),
        ("no address", "Nobody", None, None, None, None),
    ],
    "memberships": [
        ("alice@example.com", "All staff"), ("alice@example.com", "support,support@example.com"),
        ("alice@example.com", "second, second@example.com"),
    ],
}  # fmt: skip


def fill(url: str) -> None:
    """Make the tables and their rows."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for statement in _SCHEMA.split(";"):
            connection.execute(sqlalchemy.text(statement))
        for table, rows in _ROWS.items():
            names = [f"c{number}" for number in range(len(rows[0]))]
            places = ", ".join(f":{name}" for name in names)
            connection.execute(
                sqlalchemy.text(f"INSERT INTO {table} VALUES ({places})"),  # noqa: S608 - nothing from outside
                [dict(zip(names, row, strict=True)) for row in rows],
            )
    engine.dispose()


def rename_tables(url: str, old: str, new: str) -> None:
    """Call every table otherwise; ``{}`` stands for its name."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for table in _ROWS:
            connection.execute(sqlalchemy.text(f"ALTER TABLE {old.format(table)} RENAME TO {new.format(table)}"))
    engine.dispose()


def settings(url: str, timeout_s: float, **others: str | None) -> SqlSettings:
    queries = {
        "domain": "SELECT name, tenant, junk_threshold, reject AS reject_unknown_recipients, banner"
        " FROM domains WHERE name = :domain",
        "recipient": "SELECT 1 FROM mailboxes WHERE address IN (:address, '*@' || :domain)",
        "sender": "SELECT may_use, tenant FROM rights WHERE login = :login",
        "group": "SELECT member FROM members WHERE group_address = :group",
        "networks": "SELECT network, may_use, tenant FROM clients",
        "profile": "SELECT people.name, kind, department, manager, elsewhere AS other_addresses,"
        ' memberships.name AS "groups" FROM people LEFT JOIN memberships USING (address) WHERE address = :address',
        "people": "SELECT name, address || ' ' || coalesce(elsewhere, '') AS address FROM people",
    }
    return SqlSettings(url=url, timeout_s=timeout_s, connections=4, **(queries | others))
