# SPDX-License-Identifier: GPL-3.0-or-later
"""An operator's plugins that hang, crash and leave things behind, in the service: mail goes on as the rules say."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.faults.submitting import answer_to, offer, open_session
from tests.mailhost.scratch import Scratch
from tests.mailhost.world import World
from tests.milter.client import Client
from tests.milter.filter import running_filter
from tests.milter.server import wait_until

PLUGINS = """
import ctypes
import os
import time

from postward.rules.api import AddHeader, rule

@rule(id="works", needs={"headers"}, may={"add_header"})
def works(message, config, context):
    return [AddHeader(name="X-Works", value=message.subject)]

@rule(id="hangs", needs={"headers"})
def hangs(message, config, context):
    while "hang" in message.subject:
        pass

@rule(id="crashes", needs={"headers"})
def crashes(message, config, context):
    if "crash" in message.subject:
        ctypes.string_at(0)

@rule(id="daemon", needs={"headers"})
def daemon(message, config, context):
    if "daemon" in message.subject:
        os.environ["REDIS"] = os.environ.get("POSTWARD_REDIS_URL", "none")
        if os.fork() == 0:
            time.sleep(600)
"""
RULES = """
rules:
  - {id: hangs, direction: any, when: always, plugin: hangs, timeout: 1s, on_error: ignore}
  - {id: crashes, direction: any, when: always, plugin: crashes, on_error: defer}
  - {id: daemon, direction: any, when: always, plugin: daemon, on_error: ignore}
  - {id: works, direction: any, when: always, plugin: works}
"""
PLUGIN_PROCESS = b"postward.rules.plugins.child"


REFUSED = "451 4.3.0 Message could not be checked, please try again later"
DOMAIN = "elsewhere.example"


@pytest.fixture
def folders():
    with Scratch() as scratch:
        for name, content in (("plugins/own.py", PLUGINS), ("rules.d/own.yaml", RULES)):
            path = scratch / name
            path.parent.mkdir()
            path.write_text(content)
        yield scratch


@pytest.fixture
def server(folders):
    rules = {"folder": str(folders / "rules.d"), "plugin_path": [str(folders / "plugins")], "plugin_processes": 1}
    with running_filter(World(), workers=1, rules=rules) as one:
        yield one
    while Client.opened:
        Client.opened.pop().socket.close()


def test_a_plugin_that_hangs_costs_its_rule_and_nobody_else(server):
    assert seen_by_works(message(server, "first")) == "first"
    begun = time.monotonic()
    client = message(server, "hang")
    assert answer_to(client) == ""
    assert 1.0 <= time.monotonic() - begun < 2.5
    # The rules behind it are evaluated, by the process that has taken its place.
    assert seen_by_works(client) == "hang"
    assert "kind=timeout" in server.wait_for("event=plugin.failed plugin=hangs")[0]
    assert len(server.worker_pids()) == 1


def test_a_plugin_that_crashes_is_a_deferral_where_the_rule_says_so(server):
    assert answer_to(message(server, "crash")) == REFUSED
    assert "SIGSEGV" in server.wait_for("event=plugin.failed plugin=crashes")[0]
    assert seen_by_works(message(server, "after")) == "after"


def test_a_plugin_that_keeps_failing_is_suspended_and_holds_nobody_up(server):
    for _ in range(5):
        message(server, "hang")
    server.wait_for("event=plugin.suspended plugin=hangs")
    begun = time.monotonic()
    assert answer_to(message(server, "hang")) == ""
    assert time.monotonic() - begun < 0.9


def test_a_plugin_can_leave_nothing_running(server):
    assert answer_to(message(server, "daemon")) == ""
    server.wait_for("event=plugin.failed plugin=daemon")
    assert len(processes()) == 2


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_the_plugins_of_a_worker_that_ends(server, end):
    message(server, "first")
    before = processes()
    assert len(before) == 2
    (worker,) = server.worker_pids()
    if end is signal.SIGKILL:
        os.kill(worker, end)
        server.wait_for("event=worker.started", 2)
    else:
        server.terminate()
        server.wait()
    wait_until(lambda: not before & processes(), "the end of the plugin processes")


def test_a_reload_has_new_processes_and_ends_the_old(server, folders):
    message(server, "first")
    before = processes()
    own = folders / "plugins" / "own.py"
    own.write_text(PLUGINS.replace("value=message.subject", "value='new'"))
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    wait_until(lambda: not before & processes(), "the end of the old plugin processes")
    assert seen_by_works(message(server, "second")) == "new"


def test_a_reload_with_a_plugin_that_cannot_be_imported_keeps_the_old(server, folders):
    own = folders / "plugins" / "own.py"
    own.write_text("import os\nos._exit(1)\n")
    server.hang_up()
    server.wait_for("event=generation.refused")
    assert seen_by_works(message(server, "still")) == "still"


def message(server, subject):
    client = open_session(server.address, "")
    client.mail(b"<a@sender.example>")
    assert offer(client, f"b@{DOMAIN}") == ""
    client.header(b"From", b" a@sender.example")
    client.header(b"Subject", f" {subject}".encode())
    client.end_of_header()
    client.body(b"Hello\r\n")
    client.end()
    client.quit()
    return client


def seen_by_works(client) -> str:
    """The subject as the last rule has written it; "" where it has not come to that."""
    fields = [payload.split(b"\0") for letter, payload in client.received if letter == b"h"]
    return next((value.decode().strip() for name, value, *_ in fields if name == b"X-Works"), "")


def processes() -> set[int]:
    """All plugin processes and their guards."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and PLUGIN_PROCESS in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:
            continue
    return found
