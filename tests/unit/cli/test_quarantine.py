# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward quarantine``: list, show, release and delete."""

from __future__ import annotations

import json

import pytest

from postward.app.mark_secret import mark_secret
from postward.spool.message_store import MessageStore
from tests.smtp_sink import SmtpSink
from tests.unit.app.courier.parts import CONTENT
from tests.unit.cli.program import postward
from tests.unit.spool.kept import kept


class Host:
    """A configuration, and a quarantine."""

    def __init__(self, folder, sink):
        mark_secret(folder)
        self.config = folder / "postward.yaml"
        self.config.write_text(
            f"state_dir: {folder}\nauthserv_id: mx.example.net\nnotify: {{smtp: '{sink.endpoint}'}}\n"
        )
        self.store = MessageStore(folder / "quarantine")

    def run(self, command, *arguments):
        return postward("quarantine", command, "--config", self.config, *arguments)

    def json(self, command, *arguments):
        return json.loads(self.run(command, "--json", *arguments).stdout)


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


@pytest.fixture
def host(tmp_path, sink):
    return Host(tmp_path, sink)


def test_an_empty_one(host):
    assert host.run("list").stdout == "no messages\n"
    assert host.json("list") == []


def test_a_table_and_filters(host):
    first = host.store.put(kept(rule="dlp", sender="Alice@Example.org", time_s=1_000.0), CONTENT)
    second = host.store.put(kept(rule="virus", subject="=?utf-8?q?B=C3=BCcher?="), CONTENT)
    lines = host.run("list").stdout.splitlines()
    assert lines[0].split() == ["ID", "TIME", "RULE", "SENDER", "RECIPIENTS", "SUBJECT", "SIZE"]
    assert [line.split()[0] for line in lines[1:]] == [first.id, second.id]
    assert "B\u00fccher" in lines[2]

    def chosen(*arguments):
        return [each["id"] for each in host.json("list", *arguments)]

    assert chosen("--rule", "virus") == [second.id]
    assert chosen("--from", "alice@example", "--rule", "dlp") == [first.id]
    assert chosen("--to", "bob@") == [first.id, second.id]
    assert chosen("--subject", "b\u00fccher") == [second.id]
    assert chosen("--older-than", "7d") == [first.id]
    assert chosen("--newer-than", "30m") == [second.id]
    assert host.run("list", "--older-than", "soon").returncode == 2


def test_nothing_from_outside_reaches_the_terminal(host):
    message = host.store.put(
        kept(sender="a\x1b]0;x\x07@b", subject="=?utf-8?q?=1B[2J=E2=80=AE?=", recipients=("c\udcff@d",)),
        CONTENT + b"\x1b[31mred\r\n",
    )
    for printed in (host.run("list").stdout, host.run("show", message.id).stdout):
        assert "\x1b" not in printed
        assert "\u202e" not in printed
        assert "c\\xff@d" in printed
    assert host.json("list")[0]["recipients"] == ["c\udcff@d"]


def test_show(host):
    message = host.store.put(kept(), CONTENT)
    shown = host.run("show", message.id).stdout
    for words in ("card numbers", "alice@example.org", "bob@example.com", "192.0.2.9", "> here they are."):
        assert words in shown
    assert host.json("show", message.id)["sha256"] == message.sha256
    assert host.run("show", "--raw", message.id).stdout.encode() == CONTENT.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("command", ["show", "release", "delete"])
@pytest.mark.parametrize("name", ["a" * 16, "../../etc/passwd", "x\x1b"])
def test_what_is_not_there(host, command, name):
    arguments = ["--yes", name] if command == "delete" else [name]
    done = host.run(command, *arguments)
    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert "id" in done.stderr or "no message" in done.stderr


def test_release(host, sink):
    one, other = host.store.put(kept(), CONTENT), host.store.put(kept(recipients=("carol@example.com",)), CONTENT)
    done = host.run("release", one.id, other.id)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"{one.id}: released to bob@example.com"
    assert sorted(received.recipients for received in sink.received) == [("bob@example.com",), ("carol@example.com",)]
    assert host.json("list") == []


def test_release_to_somebody_else(host, sink):
    message = host.store.put(kept(), CONTENT)
    assert host.run("release", "--to", "boss@example.org", "--keep", message.id).returncode == 0
    assert sink.received[0].recipients == ("boss@example.org",)
    assert len(host.json("list")) == 1


def test_a_release_that_the_mta_puts_off(host, sink):
    sink.answers["."] = "451 later"
    message = host.store.put(kept(), CONTENT)
    done = host.run("release", message.id)
    assert done.returncode == 75
    assert "451 later; try again" in done.stderr
    assert len(host.json("list")) == 1


def test_a_recipient_whom_the_mta_refuses(host, sink):
    sink.answers["bob"] = "550 gone"
    message = host.store.put(kept(recipients=("bob@example.com", "carol@example.com")), CONTENT)
    done = host.run("release", message.id)
    assert (done.returncode, done.stdout) == (1, f"{message.id}: released to carol@example.com\n")
    assert "bob@example.com: 550 gone" in done.stderr
    assert host.json("list")[0]["recipients"] == ["bob@example.com"]


def test_delete_asks_first(host):
    message = host.store.put(kept(), CONTENT)
    assert host.run("delete", message.id).returncode == 1
    assert len(host.json("list")) == 1
    assert host.run("delete", "--yes", message.id).stdout == f"{message.id}: deleted\n"
    assert host.json("list") == []


def test_what_cannot_be_read_is_told(host):
    message = host.store.put(kept(), CONTENT)
    (host.store.folder / f"{message.id}.json").write_text("{")
    done = host.run("list")
    assert done.returncode == 1
    assert "is no JSON" in done.stderr


def test_without_the_secret_nothing_is_released(host, tmp_path):
    (tmp_path / "pass-mark.secret").unlink()
    done = host.run("release", host.store.put(kept(), CONTENT).id)
    assert done.returncode == 2
    assert "has not run yet" in done.stderr
    assert not (tmp_path / "pass-mark.secret").exists()
