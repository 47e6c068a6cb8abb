# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run`` as an unprivileged service with the shipped configuration."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import yaml

from tests.mailhost.failure import MailHostError
from tests.mailhost.folder_watch import IN_MODIFY, IN_MOVED_TO, FolderWatch
from tests.mailhost.held_signals import held_signals
from tests.mailhost.service_notice import ServiceNotice
from tests.mailhost.unprivileged import GROUP, USER, Installation, hand_over

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SHIPPED_CONFIGURATION = Path(__file__).parents[2] / "conf" / "postward.yaml"

_START_TIMEOUT_S = 60
_POLL_S = 0.2
_STOP_TIMEOUT_S = 30


@dataclass(slots=True)
class PostwardProcess:
    """One running filter in the folder ``root``."""

    root: Path
    installation: Installation
    settings: Mapping[str, Any]
    """What differs from the shipped configuration."""
    launcher: Sequence[str] = ()
    """Put before the command: a program that changes what the service gets of the system, and becomes it."""
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _notice: ServiceNotice = field(init=False)
    _log_start: int = field(init=False, default=0)

    def __enter__(self) -> Self:
        self.root.mkdir(exist_ok=True)
        state = self.root / "state"
        state.mkdir(exist_ok=True)
        hand_over(state)
        self._notice = ServiceNotice(self.root / "notify")
        self.configure(self.settings)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        self._notice.close()

    @property
    def configuration(self) -> Path:
        """The file that the process reads."""
        return self.root / "postward.yaml"

    @property
    def log(self) -> str:
        """All that the process has said since ``forget_log``."""
        path = self.root / "log"
        return path.read_bytes()[self._log_start :].decode(errors="replace") if path.exists() else ""

    def forget_log(self) -> None:
        """Look only at what is said from now on."""
        path = self.root / "log"
        self._log_start = path.stat().st_size if path.exists() else 0

    def log_line(self, text: str, *, timeout_s: float = 30.0) -> str:
        """Return the first line of the log that holds ``text``, once it is there; raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        with FolderWatch(self.root, IN_MODIFY) as watch:
            while True:
                found = next((line for line in self.log.splitlines() if text in line), None)
                if found is not None:
                    return found
                if not watch.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"no line with {text!r} in the log:\n{self.log}")

    @property
    def pid(self) -> int:
        """Process id of the supervisor."""
        assert self._process is not None
        return self._process.pid

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Write the configuration: the shipped one with ``settings`` and a state folder of its own."""
        shipped = yaml.safe_load(SHIPPED_CONFIGURATION.read_text()) or {}
        merged = _merge(shipped, {"state_dir": str(self.root / "state"), **settings})
        self.configuration.write_text(yaml.safe_dump(merged, allow_unicode=True))

    def start(self) -> None:
        """Start and wait for the service's own word that it is ready."""
        self._notice.discard()
        command = [*self.launcher, *self.installation.command, "run", "--config", str(self.configuration)]
        with (self.root / "log").open("ab") as log, held_signals():
            self._process = subprocess.Popen(
                command,
                env=self.installation.environment | {"NOTIFY_SOCKET": str(self._notice.path)},
                user=USER, group=GROUP, extra_groups=[], umask=0o007, cwd="/", start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._wait_until_ready()

    def reload(self) -> None:
        """Ask for a new generation, and wait until it has taken over."""
        before = self.status()["reloads"]
        self.ask_for_reload()
        self._wait_until_ready()
        self.wait_for_status(lambda status: status["reloads"] > before and status["state"] == "serving")

    def ask_for_reload(self) -> None:
        """Send SIGHUP."""
        self._notice.discard()
        os.kill(self.pid, signal.SIGHUP)

    def status(self) -> dict[str, Any]:
        """What the service says about itself, at most a second old."""
        return self.wait_for_status(lambda _status: True)

    def workers(self) -> list[int]:
        """Process ids of the workers of the newest generation, once all of them serve.

        The status is up to a second old, so just after the start it may name a part of them.
        """
        return _serving(self.wait_for_status(lambda status: len(_serving(status)) == self.settings["workers"]))

    def wait_for_workers(self, *, other_than: set[int]) -> None:
        """Wait until workers serve, and none of them is one of ``other_than``."""
        self.wait_for_status(lambda status: bool(pids := _serving(status)) and not other_than & set(pids))

    def wait_for_status(
        self, is_wanted: Callable[[dict[str, Any]], bool], *, timeout_s: float = 30.0
    ) -> dict[str, Any]:
        """Return the first status that is wanted; raises TimeoutError."""
        socket = Path(str(self.settings["listen"]).removeprefix("unix:"))
        path = socket.with_name(socket.name + ".status.json")
        deadline = time.monotonic() + timeout_s
        with FolderWatch(path.parent, IN_MOVED_TO) as watch:
            while True:
                if path.exists() and is_wanted(status := json.loads(path.read_text())):
                    return dict(status)
                if not watch.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"the status did not become what was waited for:\n{self.log}")

    def run(self, *arguments: str, user: str = USER) -> subprocess.CompletedProcess[str]:
        """Run another ``postward`` command, as the same account unless told."""
        return subprocess.run(
            [*self.installation.command, *arguments],
            env=self.installation.environment, user=user, group=pwd.getpwnam(user).pw_gid, extra_groups=[], cwd="/",
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_START_TIMEOUT_S, check=False,
        )  # fmt: skip

    def wait_for_answer(self, command: str, *arguments: str, timeout_s: float = 30.0) -> str:
        """Run a command that reads from the state folder until it succeeds, and return what it prints.

        Raises TimeoutError.
        """
        deadline = time.monotonic() + timeout_s
        with FolderWatch(self.root / "state", IN_MODIFY | IN_MOVED_TO) as watch:
            while True:
                done = self.run(command, "--config", str(self.configuration), *arguments)
                if not done.returncode:
                    return done.stdout
                if not watch.wait(deadline - time.monotonic()):
                    raise TimeoutError(done.stderr)

    def stop(self) -> int | None:
        """End the service by SIGTERM and return its exit status; None when it ran no more."""
        if self._process is None:
            return None
        process, self._process = self._process, None
        process.terminate()
        try:
            return process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # The service leads a session of its own: nothing of it shall stay behind.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill(self) -> None:
        """Kill the supervisor alone, and wait for its end; its other processes are left to themselves."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def _wait_until_ready(self) -> None:
        for _ in range(int(_START_TIMEOUT_S / _POLL_S)):
            if self._notice.wait_for("READY=1", timeout_s=_POLL_S):
                return
            if self._process is None or self._process.poll() is not None:
                break
        raise MailHostError(f"postward run did not become ready:\n{self.log}")


def _serving(status: dict[str, Any]) -> list[int]:
    newest = status["generations"][0] if status["generations"] else {"workers": []}
    return [worker["pid"] for worker in newest["workers"] if worker["state"] == "serving"]


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
