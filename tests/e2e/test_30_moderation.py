# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that waits for somebody's decision: by command, by the token of a link, or by its time."""

from __future__ import annotations

import json
import re
import threading
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.e2e.delivered import Delivered
from tests.e2e.keeping import OWN, keeping_host, wait_until

RULES = [
    {
        "id": "all-staff",
        "direction": "any",
        "when": {"recipient.address": "staff@example.net"},
        "do": [{"moderate": {"by": ["boss@example.net"], "expire": "1h", "on_expire": "bounce"}}],
    },
    {
        "id": "let-go",
        "direction": "any",
        "when": {"recipient.address": "later@example.net"},
        "do": [{"moderate": {"by": ["deputy@example.net"], "expire": "1h", "on_expire": "deliver"}}],
    },
]
SETTINGS = {"notify": {"interval_s": 1}, "moderation": {"base_url": "https://mx.example.net/moderation"}}
TOKEN = re.compile(r"\?token=(m1\.[0-9a-z.]+)")


@pytest.fixture(scope="module")
def keeping():
    with keeping_host(RULES, SETTINGS) as running:
        yield running


def notice_about(keeping, subject, to="boss@example.net"):
    """The text of the notice about a message."""

    def found():
        texts = (text_of(each) for each in keeping.arrived(to))
        return next((text for text in texts if subject in text), None)

    return wait_until(found, f"no notice about {subject}")


def text_of(content):
    return message_from_bytes(content, policy=policy.default).get_content()


def tokens_in(text):
    """The tokens to approve and to reject."""
    approve, reject = (re.sub(r"\s", "", token) for token in TOKEN.findall(text))
    return approve, reject


def test_held_until_it_is_approved_and_never_held_again(keeping):
    sent = keeping.stranger_writes("News for all", "staff@example.net", body="\x1b[2JFirst line\nsecond line\n")
    held = keeping.only("moderation", "News for all")
    assert (held["moderation"]["decision"], held["moderation"]["moderators"]) == ("pending", ["boss@example.net"])
    text = notice_about(keeping, "News for all")
    assert "> \\x1b[2JFirst line" in text
    assert "> second line" in text
    assert keeping.arrived("staff@example.net") == []
    assert keeping.run("moderation", "approve", held["id"]).stdout == f"{held['id']}: delivered\n"
    assert Delivered(keeping.wait_for("staff@example.net")[0]).ends_with(sent)
    assert keeping.kept("moderation", "News for all") == []
    assert keeping.run("moderation", "approve", held["id"]).returncode == 1


def test_the_token_of_the_notice_decides_once(keeping):
    before = len(keeping.arrived("staff@example.net"))
    keeping.stranger_writes("By link", "staff@example.net")
    approve, reject = tokens_in(notice_about(keeping, "By link"))
    assert keeping.run("moderation", "reject", "--token", approve).returncode == 2
    assert keeping.run("moderation", "approve", "--token", approve).returncode == 0
    for token, word in ((approve, "approve"), (reject, "reject")):
        assert keeping.run("moderation", word, "--token", token).returncode == 1
    assert len(keeping.wait_for("staff@example.net", count=before + 1)) == before + 1


def test_two_who_use_a_token_at_once(keeping):
    before = len(keeping.arrived("staff@example.net"))
    keeping.stranger_writes("At once", "staff@example.net")
    approve, _ = tokens_in(notice_about(keeping, "At once"))
    statuses = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(keeping.run("moderation", "approve", "--token", approve).returncode)
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(0) == 1
    keeping.wait_for("staff@example.net", count=before + 1)
    wait_until(lambda: not keeping.kept("moderation", "At once"), "the message is still held")
    assert len(keeping.arrived("staff@example.net")) == before + 1


def test_refused_it_goes_back_to_our_own_sender(keeping):
    before = len(keeping.arrived(OWN))
    keeping.alice_writes("Too early", "staff@example.net")
    held = keeping.only("moderation", "Too early")
    done = keeping.run("moderation", "reject", "--reason", "Not before Monday", held["id"])
    assert "its sender has been told" in done.stdout
    report = message_from_bytes(keeping.wait_for(OWN, count=before + 1)[-1], policy=policy.default)
    assert report["Return-Path"] == "<>"
    assert (report.get_content_type(), report["Auto-Submitted"]) == ("multipart/report", "auto-replied")
    text, status, header = report.get_payload()
    assert "Not before Monday" in text.get_content()
    assert "Final-Recipient: rfc822; staff@example.net" in status.as_string()
    assert "Subject: Too early" in header.get_payload()


def test_refused_a_stranger_is_told_nothing(keeping):
    keeping.stranger_writes("Buy this", "staff@example.net")
    held = keeping.only("moderation", "Buy this")
    assert "is told nothing" in keeping.run("moderation", "reject", held["id"]).stdout
    assert keeping.kept("moderation", "Buy this") == []
    assert "a@bulk.example" not in keeping.host.postfix.mailbox.by_recipient()
    assert "to=<a@bulk.example>" not in keeping.host.postfix.log


def test_when_nobody_decides_the_rules_word_is_done(keeping):
    sent = keeping.stranger_writes("Nobody cares", "later@example.net")
    held = keeping.only("moderation", "Nobody cares")
    path = Path(keeping.host.postward.root) / "state" / "moderation" / f"{held['id']}.json"
    known = json.loads(path.read_text())
    known["moderation"]["expires_s"] = known["time_s"]
    path.write_text(json.dumps(known))
    assert Delivered(keeping.wait_for("later@example.net")[0]).ends_with(sent)
    keeping.host.postward.log_line("by=expiry")


def test_decided_while_the_mta_is_away_it_goes_on_later(keeping):
    before = len(keeping.arrived("staff@example.net"))
    keeping.stranger_writes("Patience", "staff@example.net")
    held = keeping.only("moderation", "Patience")
    keeping.host.postfix.stop()
    try:
        done = keeping.run("moderation", "approve", held["id"])
        assert (done.returncode, "the running Postward goes on with it" in done.stdout) == (0, True)
    finally:
        keeping.host.postfix.start()
    path = Path(keeping.host.postward.root) / "state" / "moderation" / f"{held['id']}.json"
    known = json.loads(path.read_text())
    assert known["moderation"]["decision"] == "deliver"
    known["moderation"]["next_attempt_s"] = 0.0
    path.write_text(json.dumps(known))
    assert len(keeping.wait_for("staff@example.net", count=before + 1)) == before + 1
