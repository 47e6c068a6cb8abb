# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of senders: rules ask for it, and people are told of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from postward.model.redis_target import RedisTarget
from postward.model.reputation import Correspondence, Evidence
from postward.reputation.identity_text import parse_identity
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose, genuine
from tests.mailhost.scratch import Scratch

RULES = [
    {
        "id": "bad-network",
        "direction": "inbound",
        "when": {"reputation": {"of": "network", "surely_bad_percent": {"gt": 40}}},
        "unless": {"correspondent": True},
        "do": [{"add_header": {"name": "X-Network", "value": "bad"}}],
    }
]
BAD = Evidence(good=10, bad=190, seen=210)
PATIENT = CallBounds(wait_s=30, hold_s=30)


class Known:
    """A host, and what is known of senders there."""

    def __init__(self, host):
        self.host = host

    def teach(self, evidence, correspondences=()):
        calls = TimedCalls(RedisTarget(socket_path=self.host.redis.url.removeprefix("unix://")), PATIENT)
        records = RedisReputation(calls)
        records.add({parse_identity(text): more for text, more in evidence.items()})
        records.note(correspondences)
        for _ in range(100):
            # What has a history follows in a round of its own.
            records.flush()
            if not records.pending:
                break
        assert not records.pending
        calls.close()

    def run(self, *words):
        command, *rest = words
        return self.host.postward.run(*command.split(), "--config", str(self.host.postward.configuration), *rest)

    def delivered(self, letter, recipient=None):
        recipient = recipient or self.host.new_recipient()
        answer = self.host.send(letter, recipient)
        (content,) = self.host.postfix.mailbox.wait_for(recipient)
        return Delivered(content), answer.rpartition(" ")[2]


@pytest.fixture(scope="module")
def known():
    with Scratch() as folder:
        rules = folder / "rules.d"
        rules.mkdir()
        (rules / "10.yaml").write_text(yaml.safe_dump({"rules": RULES}))
        for each in (folder, rules):
            each.chmod(0o755)
        with MailHost(settings={"rules": {"folder": str(rules)}, "reputation": {"enabled": True}}) as host:
            assert host.redis.pid
            yield Known(host)


def letter(host):
    content = compose(subject="An offer", author="a@bulk.example", body="Hello\n")
    return Letter(content=content, mail_from="a@bulk.example", client=host.world.stranger)


def counted(event):
    return {name for name in event["contributions"] if name.startswith(("REPUTATION", "CORRESPONDENT"))}


def told_by_why(known, qid):
    """Wait for the event, and give it and the words for people."""
    events = json.loads(known.host.postward.wait_for_answer("why", "--json", qid))["events"]
    event = next(event for event in events if event["event"] == "message.verdict")
    return event, known.run("why", qid).stdout


def test_a_rule_asks_for_the_network_and_why_tells_it(known):
    known.teach({"net:203.0.113.0/24": BAD, "all": Evidence(good=900, bad=100, seen=1_000)})
    delivered, qid = known.delivered(letter(known.host))
    assert delivered.field("X-Network") == "bad"
    event, text = told_by_why(known, qid)
    assert event["reputation"]["net"] > 40
    assert event["reputation_points"] > 0
    assert "REPUTATION_BAD" in counted(event)
    assert event["reputation_reason"]
    assert f"reputation: counts +{event['reputation_points']:.2f}: {event['reputation_reason']}" in text
    assert "reputation of network: surely_bad_percent gt 40" in text


def test_scan_tells_the_same_of_a_stored_message(known):
    sent = letter(known.host)
    client = ("--ip", sent.client.address, "--helo", sent.client.helo, "--mail-from", sent.mail_from)
    with Scratch() as folder:
        stored = folder / "message"
        stored.write_bytes(sent.content)
        for each in (folder, stored):
            each.chmod(0o755)
        about = (*client, "--rcpt", "you@example.net", str(stored))
        report = json.loads(known.run("scan", "--json", *about).stdout)
        text = known.run("scan", *about).stdout
    (network,) = [each for each in report["reputation"]["identities"] if each["kind"] == "net"]
    assert network["name"] == "203.0.113.0/24"
    assert network["surely_bad_percent"] > 40
    assert [rule["id"] for rule in report["rules"]] == ["bad-network"]
    assert f"reputation counts {report['reputation']['points']:+g}: {report['reputation']['reason']}" in text
    assert "net 203.0.113.0/24: " in text


def test_another_network_is_left_alone(known):
    delivered, qid = known.delivered(genuine(known.host.world))
    assert delivered.fields("X-Network") == []
    event, _ = told_by_why(known, qid)
    assert "REPUTATION_BAD" not in counted(event)


def test_whom_our_users_write_to_is_a_correspondent(known):
    recipient = known.host.new_recipient()
    pair = Correspondence(recipient, "service@bank.example")
    known.teach({"net:192.0.2.0/24": BAD}, [pair])
    sent = genuine(known.host.world)
    first, qid = known.delivered(sent, recipient)
    assert first.fields("X-Network") == []
    event, text = told_by_why(known, qid)
    assert event["correspondent"] is True
    assert "CORRESPONDENT" in counted(event)
    assert "its recipients have written to the author" in text
    other, _ = known.delivered(replace(sent, content=genuine(known.host.world).content))
    assert other.field("X-Network") == "bad"


def test_the_store_is_looked_at_and_moved_by_the_account_of_the_milter(known):
    known.teach({"ip:203.0.113.7": BAD})
    shown = known.run("reputation show", "203.0.113.7")
    assert shown.returncode == 0, shown.stderr
    assert "network 203.0.113.0/24" in shown.stdout
    assert "ip:203.0.113.7" in known.run("reputation top", "--kind", "ip").stdout
    exported = known.run("reputation export")
    assert exported.returncode == 0, exported.stderr
    assert any('"ip:203.0.113.7"' in line for line in exported.stdout.splitlines())
    assert known.run("reputation forget", "203.0.113.7", "--yes").returncode == 0
    assert known.run("reputation show", "203.0.113.7").returncode == 1


def test_without_redis_no_such_rule_matches_and_it_is_said_what_was_not_checked(known):
    known.host.redis.stop()
    try:
        delivered, qid = known.delivered(letter(known.host))
        assert delivered.fields("X-Network") == []
        assert "not_checked=reputation" in delivered.field("X-Spam-Status")
        event, text = told_by_why(known, qid)
        assert "reputation_points" not in event
        assert "not checked: reputation" in text
        assert known.run("reputation show", "203.0.113.7").returncode == 75
    finally:
        known.host.redis.start()
