# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies in a maildir and in a bucket, and notices: to those who may have them, and not too many."""

from __future__ import annotations

import mailbox
import re
from pathlib import Path

import pytest

from tests.e2e.delivered import Delivered
from tests.e2e.keeping import OWN, keeping_host, wait_until
from tests.s3_server import S3Server


def rule(name, *actions, **more):
    return {"id": name, "direction": "any", "when": {"subject": {"words": [name]}}, "do": list(actions), **more}


RULES = [
    rule("legal", {"archive": "legal"}),
    rule("cold", {"archive": "cold"}),
    rule("tell", {"notify": {"to": ["admin"], "template": "short"}}),
    rule("teller", {"notify": {"to": ["sender", "recipient"]}}),
    rule("refuse", {"notify": {"to": ["admin"]}}, {"reject": {"text": "Not here"}}),
]
INTERVAL_S = 6


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with S3Server(tmp_path_factory.mktemp("s3") / "log") as running:
        running.make_bucket("mail-archive")
        yield running


@pytest.fixture(scope="module")
def keeping(store):
    with keeping_host(RULES[:0]) as running:
        root = Path(running.host.postward.root)
        credentials = root / "s3"
        credentials.write_text("[default]\naws_access_key_id = key\naws_secret_access_key = secret\n")
        credentials.chmod(0o644)
        settings = {
            **running.host.settings,
            "archive": {
                "stores": {
                    "legal": {"maildir": str(root / "state" / "legal")},
                    "cold": {
                        "bucket": "mail-archive", "endpoint": store.endpoint, "prefix": "mx1/",
                        "credentials_file": str(credentials),
                    },
                }
            },
            "notify": {
                **running.host.settings["notify"],
                "admins": ["admin@example.net"],
                "interval_s": INTERVAL_S,
                "templates": {"short": {"subject": "Seen: {subject}", "text": "{sender} wrote at {time}\n"}},
            },
        }  # fmt: skip
        running.set_rules(RULES)
        running.configure(settings)
        yield running


def test_a_copy_in_a_maildir(keeping):
    sent = keeping.stranger_writes("A legal matter", "one@example.net", "two@example.net")
    delivered = keeping.wait_for("one@example.net")[0]
    folder = Path(keeping.host.postward.root) / "state" / "legal"
    (copy,) = mailbox.Maildir(folder, create=False)
    assert copy["Return-Path"] == "<a@bulk.example>"
    assert copy.get_all("X-Envelope-To") == ["<one@example.net>", "<two@example.net>"]
    assert Delivered(copy.as_bytes()).own_results == Delivered(delivered).own_results
    assert copy.as_bytes().endswith(sent.replace(b"\r\n", b"\n"))


def test_a_copy_in_a_bucket(keeping, store):
    sent = keeping.stranger_writes("Into the cold", "three@example.net")
    keeping.wait_for("three@example.net")
    objects = wait_until(lambda: holding(store, b"Into the cold"), "nothing in the bucket")
    ((name, content),) = objects.items()
    assert re.fullmatch(r"mx1/\d{4}/\d\d/\d\d/[a-z2-7]{16}\.eml", name)
    assert content.startswith(b"Return-Path: <a@bulk.example>\r\nX-Envelope-To: <three@example.net>\r\n")
    assert content.endswith(sent)
    keeping.host.postward.log_line("event=archive.uploaded")


def test_while_the_bucket_is_away_mail_flows_and_copies_wait(keeping, store):
    store.stop()
    keeping.stranger_writes("Out in the cold", "four@example.net")
    keeping.wait_for("four@example.net")
    keeping.host.postward.log_line("event=archive.not_uploaded")
    store.start()
    store.make_bucket("mail-archive")
    wait_until(lambda: holding(store, b"Out in the cold"), "nothing in the bucket")


def holding(store, words):
    return {name: content for name, content in store.objects("mail-archive").items() if words in content}


def test_the_admin_is_told_at_most_so_often(keeping):
    for number in range(3):
        keeping.stranger_writes(f"Do tell {number}", "five@example.net")
    first = Delivered(keeping.wait_for("admin@example.net")[0])
    assert first.field("Auto-Submitted") == "auto-generated"
    assert first.field("Subject").startswith("Seen: Do tell 0")
    assert b"a@bulk.example wrote at " in first.content
    wait_until(lambda: told(keeping) == 3, "not all are told")
    assert len(keeping.arrived("admin@example.net")) <= 2


def told(keeping):
    return sum(content.count(b"a@bulk.example wrote at ") for content in keeping.arrived("admin@example.net"))


def test_our_own_sender_is_told_and_a_stranger_is_not(keeping):
    keeping.alice_writes("From our teller", "six@example.net")
    keeping.wait_for(OWN)
    keeping.stranger_writes("From another teller", "seven@example.net")
    refused = keeping.host.postward.log_line("event=notice.refused")
    assert "to=a@bulk.example" in refused
    # The message, and the notice about it.
    keeping.wait_for("seven@example.net", count=2)
    assert "to=<a@bulk.example>" not in keeping.host.postfix.log


def test_of_a_refused_message_the_admin_is_told_too(keeping):
    code, words = keeping.refusal(keeping.stranger_writes, "Please refuse", "eight@example.net")
    assert (code, "Not here" in words) == (550, True)

    def found():
        return [each for each in keeping.arrived("admin@example.net") if b"Please refuse" in each]

    wait_until(found, "the admin is not told")


def test_a_notice_is_the_occasion_of_no_other(keeping):
    notices = [each for each in keeping.arrived("admin@example.net") if b"Auto-Submitted" in each]
    assert notices
    for notice in notices:
        assert Delivered(notice).field("Return-Path") == "<>"
        assert Delivered(notice).field("X-Postward-Pass")
