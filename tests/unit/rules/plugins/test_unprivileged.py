# SPDX-License-Identifier: GPL-3.0-or-later
"""As in the service, which is not root: there the kernel refuses new processes to a plugin."""

from __future__ import annotations

import os
import pwd
import subprocess

from postward.plugin_host.process_tree import descendants_of
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import GROUP, USER, hand_over, reachable_installation

PROGRAM = """
import sys
from pathlib import Path
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from postward.rules.services import RuleServices

folder = Path(sys.argv[1])
(folder / "p.py").write_text('''
from __future__ import annotations
from postward.rules.api import *
import os, resource, subprocess, threading

def trial(name, action):
    @rule(id=name, may={"tag"})
    def plugin(message, config, context):
        try:
            action()
        except (OSError, ValueError, RuntimeError) as error:
            return [Tag(name=type(error).__name__)]
        return [Tag(name="done")]
    globals()[name] = plugin

trial("fork", os.fork)
trial("program", lambda: subprocess.Popen(["/bin/true"]))
trial("thread", threading.Thread(target=print).start)
trial("limits", lambda: resource.setrlimit(resource.RLIMIT_NPROC, (100, 100)))
trial("memory", lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)))
trial("uid", lambda: os.setuid(0))
''')
plugins = load_plugins(PluginSettings(folders=(folder,)))
plugins.settle()
runner = plugins.runner(processes=1)
services = RuleServices(directory=StaticDirectory(), rates=None)
message = message_from(b"From: anna@example.com\\r\\n\\r\\n", recipients=["b@example.org"])
for name in ("fork", "program", "thread", "limits", "memory", "uid"):
    actions = runner.run(name, message, {}, timeout_s=5.0, services=services)
    print(name, *(action.name for action in actions))
runner.close()
"""


def test_a_plugin_can_start_nothing_and_raise_no_limit() -> None:
    with Scratch() as scratch:
        installation = reachable_installation(scratch)
        folder = scratch / "plugins"
        folder.mkdir()
        hand_over(folder)
        done = subprocess.run(
            [installation.command[0], "-B", "-c", PROGRAM, str(folder)],
            env=installation.environment, user=pwd.getpwnam(USER).pw_uid, group=GROUP, extra_groups=[], cwd="/",
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "fork BlockingIOError",
        "program BlockingIOError",
        "thread RuntimeError",
        "limits ValueError",
        "memory ValueError",
        "uid PermissionError",
    ]


def test_descendants_are_found() -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        try:
            assert process.pid in descendants_of(os.getpid())
        finally:
            process.kill()
