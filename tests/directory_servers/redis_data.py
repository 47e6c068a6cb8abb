# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the contract tests in Redis."""

from __future__ import annotations

import redis

PREFIX = "test:directory:"


def fill(url: str) -> None:
    """Write all keys."""
    client = redis.Redis.from_url(url)

    def fields(key: str, **values: str) -> None:
        client.hset(PREFIX + key, mapping=values)

    def members(key: str, *values: str) -> None:
        client.sadd(PREFIX + key, *values)

    fields(
        "domain:{example.com}", tenant="acme", junk_threshold="4.5", reject_unknown_recipients="yes", banner="external"
    )
    fields("domain:{example.org}", tenant="example.org")
    fields("domain:{xn--bcher-kva.example}", tenant="books")
    fields("domain:{broken.example}", junk_threshold="many")
    members("recipients:{example.com}", "alice", "bob", "literal+tag", "sales", "support", "second")
    members("recipients:{example.org}", "*")
    members(
        "sender:{alice@example.com}", "tenant:acme", "@example.net", "*.example.net",
        "sales@example.com", "support@example.com", "second@example.com",
    )  # fmt: skip
    members("sender:{bob@example.com}", "tenant:acme", "group:support@example.com")
    members("sender:{root@example.com}", "tenant:acme", "*")
    members("sender:{broken@example.com}", "no address", "@")
    members("sender:{carol}", "tenant:acme", "carol@example.com")
    members("group:{support@example.com}", "alice", "carol@example.org", "group:second@example.com")
    members("group:{second@example.com}", "bob@example.com", "group:support@example.com")
    fields(
        "profile:{alice@example.com}", name="Alice Example", department="sales", manager="bob@example.com",
        groups="All staff, support,second,support@example.com, second@example.com,",
        other_addresses="alice@elsewhere.example",
    )  # fmt: skip
    fields("profile:{bob@example.com}", name="Bob Example", kind="shared")
    fields("profile:{broken@example.com}", kind="robot")
    fields(
        "people",
        **{
            "alice@example.com": "Alice Example",
            "alice@elsewhere.example": "Alice Example",
            "bob@example.com": "Bob Example",
            "mallory@example.com": "two\nlines",
            "no address": "Nobody",
        },
    )
    fields(
        "networks",
        **{
            "192.0.2.0/24": "@example.com tenant:acme",
            "2001:db8::/32": "@example.com tenant:acme",
            "192.0.2.128/25": "printer@example.com tenant:acme",
        },
    )
    client.close()
