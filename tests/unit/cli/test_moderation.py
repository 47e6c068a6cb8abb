# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward moderation``: list, show, approve and reject."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from postward.app.mark_secret import mark_secret
from postward.app.moderation_tokens import ModerationTokens
from postward.spool.message_store import MessageStore
from tests.smtp_sink import SmtpSink
from tests.unit.app.courier.parts import CONTENT
from tests.unit.cli.program import postward
from tests.unit.spool.kept import held


class Host:
    """A configuration, and a folder of held messages."""

    def __init__(self, folder, sink):
        secret, _ = mark_secret(folder)
        self.tokens = ModerationTokens(secret, clock=time.time)
        self.config = folder / "postward.yaml"
        self.config.write_text(
            f"state_dir: {folder}\nauthserv_id: mx.example.net\nnotify: {{smtp: '{sink.endpoint}'}}\n"
        )
        self.store = MessageStore(folder / "moderation")

    def hold(self, **more):
        return self.store.put(held(**more), CONTENT)

    def run(self, command, *arguments):
        return postward("moderation", command, "--config", self.config, *arguments)


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


@pytest.fixture
def host(tmp_path, sink):
    return Host(tmp_path, sink)


def test_list_and_show(host):
    message = host.hold()
    heads, line = host.run("list").stdout.splitlines()
    assert heads.split() == ["ID", "EXPIRES", "RULE", "SENDER", "RECIPIENTS", "SUBJECT", "DECISION"]
    assert line.split()[0] == message.id
    assert line.endswith("pending")
    shown = host.run("show", message.id).stdout
    assert "boss@example.org" in shown
    assert "2027-01-15 09:00 UTC, then bounce" in shown
    assert json.loads(host.run("list", "--json").stdout)[0]["moderation"]["decision"] == "pending"


def test_approve(host, sink):
    message = host.hold()
    assert host.run("approve", message.id).stdout == f"{message.id}: delivered\n"
    assert sink.received[0].recipients == ("bob@example.com",)
    assert host.run("approve", message.id).returncode == 1


def test_reject_tells_a_sender_of_ours_and_nobody_else(host, sink):
    own, stranger = host.hold(is_own_sender=True), host.hold(sender="x@example.com")
    done = host.run("reject", "--reason", "Not this one", own.id, stranger.id)
    assert done.returncode == 0
    assert "its sender has been told" in done.stdout
    assert "is told nothing" in done.stdout
    (received,) = sink.received
    assert received.recipients == ("alice@example.org",)
    assert b"Not this one" in received.content


def test_a_token_decides_once(host, sink):
    message = host.hold()
    token = host.tokens.make(message.id, "approve", time.time() + 60)
    assert host.run("reject", "--token", token).returncode == 2
    assert host.run("approve", "--token", token).returncode == 0
    again = host.run("approve", "--token", token)
    assert again.returncode == 1
    assert "no message" in again.stderr
    assert len(sink.received) == 1


@pytest.mark.parametrize("arguments", [(), ("--token", "x", "a" * 16)])
def test_it_is_an_id_or_a_token(host, arguments):
    done = host.run("approve", *arguments)
    assert done.returncode == 2
    assert "needs an ID or --token" in done.stderr


def test_decided_while_the_mta_is_down_it_goes_on_later(host, sink):
    sink.answers["."] = "451 later"
    message = host.hold()
    done = host.run("approve", message.id)
    assert done.returncode == 0
    assert "the running Postward goes on with it (451 later)" in done.stdout
    again = host.run("reject", message.id)
    assert again.returncode == 1
    assert "decided already: deliver" in again.stderr


def test_a_message_of_another_kind_is_not_decided(host):
    message = host.store.put(replace(held(), moderation=None), CONTENT)
    assert host.run("approve", message.id).returncode == 75
