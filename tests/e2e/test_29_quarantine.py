# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that a rule keeps back: on disk before the client has its answer, and let go as it would have been."""

from __future__ import annotations

import json
import smtplib
from pathlib import Path

import dkim
import pytest

from tests.e2e.delivered import Delivered
from tests.e2e.keeping import keeping_host, wait_until
from tests.faults.small_disk import SmallDisk
from tests.mailhost.letters import Letter, compose

RULES = [
    {
        "id": "words",
        "direction": "any",
        "when": {"subject": {"words": ["secret"]}},
        "do": [{"quarantine": {"reason": "a word", "notify": ["admin"]}}],
    },
    {
        "id": "boxed",
        "direction": "any",
        "when": {"recipient.address": "boxed@example.net"},
        "do": [{"quarantine": "own"}],
    },
]
SETTINGS = {"notify": {"admins": ["admin@example.net"], "interval_s": 1}}
SMALL_DISK_BYTES = 256 * 1024


@pytest.fixture(scope="module")
def keeping():
    with keeping_host(RULES, SETTINGS) as running:
        yield running


def test_kept_it_is_not_delivered_and_released_it_is_as_it_was(keeping):
    sent = keeping.stranger_writes("A secret of ours", "one@example.net")
    kept = keeping.only("quarantine", "A secret of ours")
    assert keeping.arrived("one@example.net") == []
    assert (kept["rule"], kept["reason"], kept["recipients"]) == ("words", "a word", ["one@example.net"])
    assert (kept["sender"], kept["client"], kept["direction"]) == ("a@bulk.example", "203.0.113.99", "inbound")
    keeping.host.postward.forget_log()
    assert keeping.run("quarantine", "release", kept["id"]).returncode == 0
    delivered = Delivered(keeping.wait_for("one@example.net")[0])
    assert delivered.ends_with(sent)
    assert delivered.field("Return-Path") == "<a@bulk.example>"
    assert delivered.results("spf") == ["pass"]
    assert "direction=reinjected" in keeping.host.postward.log_line("event=message.verdict")
    assert keeping.kept("quarantine", "A secret of ours") == []


def test_the_admin_is_told_once_with_what_he_needs(keeping):
    keeping.stranger_writes("Another secret", "two@example.net")
    kept = keeping.only("quarantine", "Another secret")
    # Others may have come before it.
    notice = kept["id"].encode()
    wait_until(lambda: any(notice in each for each in keeping.arrived("admin@example.net")), "no notice of it")
    (told,) = (each for each in keeping.arrived("admin@example.net") if notice in each)
    assert Delivered(told).field("Return-Path") == "<>"
    assert f"postward quarantine release {kept['id']}".encode() in told


def test_only_those_whom_the_rule_means_wait(keeping):
    sent = keeping.stranger_writes("To both", "boxed@example.net", "free@example.net")
    assert Delivered(keeping.wait_for("free@example.net")[0]).ends_with(sent)
    kept = keeping.only("quarantine", "To both")
    assert kept["recipients"] == ["boxed@example.net"]
    assert keeping.arrived("boxed@example.net") == []
    assert keeping.run("quarantine", "release", kept["id"], user="root").returncode == 0
    assert Delivered(keeping.wait_for("boxed@example.net")[0]).ends_with(sent)
    assert len(keeping.arrived("free@example.net")) == 1


def test_mail_of_our_own_users_is_signed_when_it_is_let_go(keeping):
    keeping.alice_writes("My secret plan", "three@example.net")
    kept = keeping.only("quarantine", "My secret plan")
    assert kept["is_own_sender"]
    assert keeping.run("quarantine", "release", kept["id"]).returncode == 0
    delivered = Delivered(keeping.wait_for("three@example.net")[0])

    def txt(name, timeout=5):
        records = keeping.host.own_domain.zone().get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    assert dkim.verify(delivered.as_sent, dnsfunc=txt)


def test_sent_elsewhere_and_deleted(keeping):
    keeping.stranger_writes("A secret for the boss", "four@example.net")
    kept = keeping.only("quarantine", "A secret for the boss")
    assert keeping.run("quarantine", "release", "--to", "boss@example.net", "--keep", kept["id"]).returncode == 0
    keeping.wait_for("boss@example.net")
    assert keeping.run("quarantine", "delete", "--yes", kept["id"]).returncode == 0
    assert keeping.kept("quarantine", "A secret for the boss") == []
    assert keeping.arrived("four@example.net") == []
    assert keeping.run("quarantine", "show", kept["id"]).returncode == 1


def test_show_and_why_lead_to_each_other(keeping):
    keeping.stranger_writes("A secret to explain", "five@example.net")
    kept = keeping.only("quarantine", "A secret to explain")
    why = json.loads(keeping.host.postward.wait_for_answer("why", "--json", kept["queue_id"]))
    assert any("words" in json.dumps(event) for event in why["events"])
    raw = keeping.run("quarantine", "show", "--raw", kept["id"]).stdout
    assert "Subject: A secret to explain" in raw


def test_what_is_on_disk_is_for_postward_alone(keeping):
    keeping.stranger_writes("A secret on disk", "six@example.net")
    folder = Path(keeping.host.postward.root) / "state" / "quarantine"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_with_no_room_the_client_tries_again(keeping):
    with keeping.other_settings({"quarantine": {"max_messages": 1}}):
        keeping.stranger_writes("Perhaps a secret", "seven@example.net") if not keeping.kept("quarantine", "") else None
        code, words = keeping.refusal(keeping.stranger_writes, "One secret too many", "seven@example.net")
        assert (code, words.startswith("4.3.0")) == (451, True)
        assert "is full" in keeping.host.postward.log_line("event=deposit.failed")
    assert keeping.kept("quarantine", "One secret too many") == []
    keeping.stranger_writes("One secret too many", "seven@example.net")
    keeping.only("quarantine", "One secret too many")


def test_on_a_full_disk_the_client_tries_again(keeping):
    with (
        SmallDisk(keeping.host.root / "disk", SMALL_DISK_BYTES) as disk,
        keeping.other_settings({"quarantine": {"folder": str(disk.path / "quarantine")}}),
    ):
        keeping.stranger_writes("A first secret", "eight@example.net")
        filler = disk.fill()
        code, words = keeping.refusal(keeping.stranger_writes, "A second secret", "eight@example.net")
        assert (code, words.startswith("4.3.0")) == (451, True)
        assert "No space left on device" in keeping.host.postward.log_line("No space left on device")
        assert len(keeping.kept("quarantine", "")) == 1
        filler.unlink()
        keeping.stranger_writes("A second secret", "eight@example.net")
        assert len(keeping.kept("quarantine", "")) == 2


def test_given_up_at_its_deadline_it_has_to_come_again_and_is_not_kept_besides(keeping):
    slow = {
        "message": {"deadline_s": 1, "progress_interval_s": 1},
        "dns": {"timeout_s": 3, "tries": 1, "time_per_message_s": 4},
    }
    content = compose(subject="A slow secret", author="a@slow.example")
    letter = Letter(content=content, mail_from="a@slow.example", client=keeping.host.world.stranger)
    with keeping.other_settings(slow):
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            keeping.host.send(letter, "late@example.net")
        # The rules' own on_error: nothing passes that they would keep back.
        assert refused.value.smtp_code == 451
        keeping.host.postward.log_line("event=message.not_judged")
        keeping.host.postward.log_line("event=deposit.too_late")
        assert keeping.kept("quarantine", "A slow secret") == []


def test_in_monitor_mode_nothing_is_kept(keeping):
    with keeping.other_settings({"mode": "monitor"}):
        sent = keeping.stranger_writes("A secret that is watched", "nine@example.net")
        assert Delivered(keeping.wait_for("nine@example.net")[0]).content.endswith(sent.replace(b"\r\n", b"\n"))
    assert keeping.kept("quarantine", "A secret that is watched") == []
