# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are told of the transport rules: why, metrics, refused rules, and rules asked about delivered mail."""

from __future__ import annotations

import json
import time
import urllib.request

import pytest
import yaml

from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.scratch import Scratch

RULES = [
    {"id": "offers", "direction": "inbound", "severity": "low", "when": {"subject": {"words": ["offer"]}},
     "do": [{"tag": "offer"}, {"score": 1}]},
    {"id": "on-trial", "direction": "inbound", "mode": "audit", "when": {"tag": "offer"}, "do": [{"reject": {}}]},
    {"id": "closed", "direction": "inbound", "when": {"recipient.address": "closed@example.net"},
     "do": [{"reject": {"text": "Closed"}}]},
]  # fmt: skip


class Told:
    """A host with these rules."""

    def __init__(self, host, folder):
        self.host = host
        self.folder = folder

    def letter(self, subject):
        content = compose(subject=subject, author="a@bulk.example", body="Hello\n")
        return Letter(content=content, mail_from="a@bulk.example", client=self.host.world.stranger)

    def run(self, *arguments):
        command, *rest = arguments
        return self.host.postward.run(*command.split(), "--config", str(self.host.postward.configuration), *rest)

    def metric(self, series, *, is_reached, timeout_s=20):
        """The workers report now and then, so the number is asked for until it is there."""
        deadline = time.monotonic() + timeout_s
        while True:
            with urllib.request.urlopen(f"http://{self.host.metrics_address}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
            found = [float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{series} ")]
            if (found and is_reached(found[0])) or time.monotonic() > deadline:
                return found
            time.sleep(0.2)


@pytest.fixture(scope="module")
def told():
    with Scratch() as folder:
        rules = folder / "rules.d"
        rules.mkdir()
        (rules / "10.yaml").write_text(yaml.safe_dump({"rules": RULES}))
        for each in (folder, rules):
            each.chmod(0o755)
        with MailHost(settings={"rules": {"folder": str(rules)}, "log": {"format": "json"}}) as host:
            yield Told(host, rules)


def test_why_tells_each_rule_that_matched_and_what_it_saw(told):
    recipient = told.host.new_recipient()
    queue_id = told.host.send(told.letter("A good offer"), recipient).rpartition(" ")[2]
    message, *rules = json.loads(told.host.postward.wait_for_answer("why", "--json", queue_id))["events"]
    assert (message["rules"], message["tags"]) == (["offers", "on-trial"], ["offer"])
    assert [(rule["rule"], rule["mode"], rule["qid"]) for rule in rules] == [
        ("offers", "enforce", queue_id),
        ("on-trial", "audit", queue_id),
    ]
    text = told.run("why", queue_id).stdout
    assert "  offers  (severity low, rules " in text
    assert f"    for      {recipient}" in text
    assert "    saw      subject has the words offer: A good offer" in text
    assert "    did      tag name=offer" in text
    assert "  on-trial  (audit: nothing was done" in text
    assert "    would have  reject code=550" in text


def test_metrics_count_matches_by_rule_and_mode(told):
    told.host.deliver(told.letter("Another offer"))
    for rule, mode in (("offers", "enforce"), ("on-trial", "audit")):
        series = f'postward_rule_matches_total{{mode="{mode}",rule="{rule}"}}'
        assert told.metric(series, is_reached=lambda count: count >= 1)


def test_a_rule_that_refuses_a_recipient_is_told_by_the_id_of_its_message(told):
    with told.host.session(told.host.world.stranger) as session:
        session.smtp.mail("a@bulk.example")
        assert session.smtp.rcpt("closed@example.net") == (550, b"5.7.1 Closed")
    line = json.loads(told.host.postward.log_line('"rule":"closed"'))
    told.host.postward.wait_for_answer("why", "--json", line["id"])
    assert "id " + line["id"] + ": no such message came in whole" in told.run("why", line["id"]).stdout


def test_rules_that_are_refused_make_the_configuration_stale_until_they_are_mended(told):
    path = told.folder / "20.yaml"
    path.write_text("rules:\n- {id: broken, direction: up, do: [junk]}\n")
    try:
        told.host.postward.ask_for_reload()
        assert told.metric("postward_config_stale", is_reached=bool) == [1.0]
        assert told.run("check", "--config-only").returncode == 2
    finally:
        path.unlink()
    told.host.postward.reload()
    assert told.metric("postward_config_stale", is_reached=lambda stale: not stale) == [0.0]
    assert "3 rules can be used" in told.run("check", "--config-only").stdout


def test_rules_are_asked_about_mail_as_it_was_delivered(told):
    """The session and the results of a delivered message are read from the fields above it."""
    delivered = told.host.deliver(told.letter("An offer to be replayed"))
    with Scratch() as folder:
        stored = folder / "message"
        stored.write_bytes(delivered)
        rules = folder / "rules.yaml"
        rules.write_text(
            "rules:\n"
            "- {id: same-client, direction: inbound, do: [{tag: a}],"
            f" when: {{all: [{{client.ip: {told.host.world.stranger.address}}}, {{mail_from: a@bulk.example}},"
            " {recipient.domain: example.net}, {auth.spf: {exists: true}}]}}\n"
        )
        for each in (folder, stored, rules):
            each.chmod(0o755)
        done = told.run("rules replay", "--rules", str(rules), "--json", str(stored))
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["matches"] == {"same-client": 1}, delivered.decode()
