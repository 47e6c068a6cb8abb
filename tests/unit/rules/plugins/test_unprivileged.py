"""As in the service, which is not root: there the kernel refuses new processes to a plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from postward.plugin_host.process_tree import descendants_of
from tests.mailhost.scratch import everyone_may_reach

NOBODY = 65534
PROGRAM = """
import sys
from pathlib import Path
from tests.unit.rules.plugins.conftest import Shop

shop = Shop(Path(sys.argv[1]))
shop.write("p.py", '''
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
runner = shop.runner()
for name in ("fork", "program", "thread", "limits", "memory", "uid"):
    print(name, *(action.name for action in shop.run(runner, name)))
shop.close()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="must be root to become nobody")
@pytest.mark.skipif(not everyone_may_reach(Path(sys.executable).resolve()), reason="nobody cannot start this Python")
def test_a_plugin_can_start_nothing_and_raise_no_limit() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        os.chown(folder, NOBODY, NOBODY)
        done = subprocess.run(
            [sys.executable, "-B", "-c", PROGRAM, str(folder)],
            env={"PYTHONPATH": f"{Path.cwd() / 'milter'}:{Path.cwd()}", "PATH": os.environ["PATH"]},
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        shutil.rmtree(folder)
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
