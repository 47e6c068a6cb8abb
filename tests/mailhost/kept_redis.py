# SPDX-License-Identifier: GPL-3.0-or-later
"""The Redis that Postward keeps itself: where it is, and how a test does without it for a while."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.mailhost.postward_process import PostwardProcess


@dataclass(slots=True)
class KeptRedis:
    """The one below a running Postward."""

    postward: PostwardProcess
    _held: int = 0
    """The keeper, while it is stopped."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"unix://{self.postward.root}/state/redis/redis.sock"

    @property
    def pid(self) -> int:
        """The server, once it serves."""
        return int(self.postward.wait_for_status(_serves)["redis"]["pid"])

    def stop(self) -> None:
        """End the server, and hold the keeper, which would start it again."""
        server = self.pid
        self._held = _parent_of(server)
        os.kill(self._held, signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)

    def start(self) -> None:
        """Let the keeper go on, and wait until a server serves."""
        before = self.postward.status()["redis"]["restarts"]
        os.kill(self._held, signal.SIGCONT)
        self.postward.wait_for_status(lambda status: _serves(status) and status["redis"]["restarts"] > before)


def _serves(status: dict[str, Any]) -> bool:
    return status["redis"] is not None and status["redis"]["state"] == "serving"


def _parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
