# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.milter.server import wait_until
from tests.unit.plugin_host.conftest import HOSTED

HOST = """
import sys
from postward.plugin_host.frames import Frame
from postward.plugin_host.pool import PoolSettings, ProcessPool
from postward.plugin_host.process import HostSettings

pool = ProcessPool(HostSettings(program=(sys.argv[1],), prepare=Frame({"what": "prepare"})), PoolSettings(processes=1))
print(pool.call(Frame({"what": "tell"}), lambda _: {}, timeout_s=10)["pid"], flush=True)
pool.call(Frame({"what": sys.argv[2]}), lambda _: {}, timeout_s=600)
"""


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("what", ["loop", "deaf", "hang in C"])
def test_nothing_outlives_a_host_that_is_killed(what: str) -> None:
    command = [sys.executable, "-c", HOST, HOSTED, what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(Path.cwd() / "milter")}) as host:
        assert host.stdout is not None
        hosted = int(host.stdout.readline())
        guard = parent_of(hosted)
        assert parent_of(guard) == host.pid
        host.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        wait_until(lambda: not Path(f"/proc/{hosted}").exists(), "the end of the hosted process")
        wait_until(lambda: not is_alive(guard), "the end of the guard")
        assert time.monotonic() - killed < 2


def test_signals_to_stop_the_service_do_not_stop_a_call() -> None:
    command = [sys.executable, "-c", HOST, HOSTED, "sleep"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(Path.cwd() / "milter")}) as host:
        assert host.stdout is not None
        hosted = int(host.stdout.readline())
        guard = parent_of(hosted)
        for pid in (guard, hosted):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                subprocess.run(["/bin/kill", f"-{int(number)}", str(pid)], check=True)
        time.sleep(0.2)
        assert is_alive(guard)
        assert is_alive(hosted)
        host.kill()


def is_alive(pid: int) -> bool:
    """Not even as a zombie that nobody has taken leave of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
