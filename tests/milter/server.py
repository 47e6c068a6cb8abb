# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting a milter server for a test, and waiting for what it says; always as an unprivileged user."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mailhost.loopback import free_ports
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import GROUP, USER, Installation, hand_over, reachable_installation

if TYPE_CHECKING:
    from tests.milter.client import Client

HERE = Path(__file__).parent
PATIENCE_S = 30


@cache
def installation() -> Installation:
    """How the unprivileged account starts Python with Postward; found once, and removed at the end."""
    scratch = Scratch()
    path = scratch.__enter__()
    atexit.register(scratch.__exit__)
    return reachable_installation(path)


class Server:
    """The trial program, in a directory of its own."""

    def __init__(self, *, family: str = "unix", drops_privileges: bool = False, **configuration: object) -> None:
        self._scratch = Scratch()
        self.directory = self._scratch.__enter__()
        self.directory.chmod(0o755)
        self.drops_privileges = drops_privileges
        self.configuration = self.directory / "configuration.json"
        self.configure(**configuration)
        self.address = f"unix:{self.directory}/milter.sock" if family == "unix" else free_port(family)
        self.lines: list[str] = []
        self.told: list[dict] = []
        self._news = threading.Condition()
        self._open_streams = 0
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, **configuration: object) -> None:
        """Write the configuration that the next load will read."""
        self.configuration.write_text(json.dumps(configuration))

    def command(self, listen: str) -> list[str]:
        """What to run; copied, for the unprivileged account may have no way into the checkout."""
        program = shutil.copy(HERE / "trial.py", self.directory)
        return [*installation().command[:1], str(program), listen, str(self.configuration)]

    def start(self, *, wait: bool = True, listen: str | None = None, environment: dict | None = None) -> Server:
        identity = {}
        if os.geteuid() == 0 and not self.drops_privileges:
            self.hand_over()
            identity = {"user": USER, "group": GROUP, "extra_groups": []}
        self.process = subprocess.Popen(
            self.command(listen or self.address),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.directory,
            env=installation().environment | (environment or {}),
            **identity,
        )
        self._open_streams = 2
        for stream, take in ((self.process.stdout, self._hear_told), (self.process.stderr, self.lines.append)):
            threading.Thread(target=self._read, args=(stream, take), daemon=True).start()
        if wait:
            self.wait_for("event=generation.ready")
        return self

    def _read(self, stream, take) -> None:
        with stream:
            for line in stream:
                with self._news:
                    take(line.decode(errors="replace").rstrip())
                    self._news.notify_all()
        with self._news:
            self._open_streams -= 1
            self._news.notify_all()

    def _hear_told(self, line: str) -> None:
        self.told.append(json.loads(line))

    def _until(self, condition, what: str):
        with self._news:
            self._news.wait_for(lambda: condition() or self._open_streams == 0, PATIENCE_S)
            found = condition()
        assert found, f"never came: {what}\n" + "\n".join(self.lines)
        return found

    def wait_for(self, text: str, count: int = 1) -> list[str]:
        """Wait until that many lines of the log hold ``text``; return them."""

        def condition():
            found = [line for line in list(self.lines) if text in line]
            return found if len(found) >= count else None

        return self._until(condition, text)

    def wait_for_told(self, count: int = 1, **parts: object) -> list[dict]:
        """Wait until the engine has told of that many things with these parts; return them."""

        def condition():
            found = [one for one in list(self.told) if parts.items() <= one.items()]
            return found if len(found) >= count else None

        return self._until(condition, str(parts))

    def told_of(self, client: Client) -> dict:
        """What the engine told of the client's last message."""
        return self.wait_for_told(queue_id=client.queue_ids[-1])[-1]

    def worker_pids(self) -> list[int]:
        """The workers that were started and have not ended, as the log tells it."""
        started = [_pid(line) for line in self.lines if "event=worker.started" in line]
        ended = {_pid(line) for line in self.lines if "event=worker.died" in line or "event=worker.retired" in line}
        return [pid for pid in started if pid not in ended]

    def leader_pid(self) -> int:
        return _pid(self.wait_for("event=generation.ready")[-1])

    def hang_up(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for the end; return the exit status."""
        return self.process.wait(PATIENCE_S)

    def stop(self) -> None:
        """End it, and whatever it has left."""
        if self.process is not None and self.process.poll() is None:
            self.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.terminate()
                self.process.wait(PATIENCE_S)
        self._scratch.__exit__()

    def hand_over(self) -> None:
        """Let the unprivileged account own the directory and all in it."""
        for path in (self.directory, *self.directory.iterdir()):
            hand_over(path)


def _pid(line: str) -> int:
    return int(line.split(" pid=")[1].split(maxsplit=1)[0])


def free_port(family: str) -> str:
    """An address of that family on loopback that nothing listens on."""
    (port,) = free_ports(1)
    return f"inet6:{port}@[::1]" if family == "inet6" else f"inet:{port}@127.0.0.1"


def wait_until(condition, what: str):
    """Wait for something that no event tells of."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"never came: {what}")
