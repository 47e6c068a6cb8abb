# SPDX-License-Identifier: GPL-3.0-or-later
"""Postward itself, as shipped and as an unprivileged service, but for its name server and its addresses."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from tests.bench.chains import METHODS
from tests.bench.contender import Contender
from tests.mailhost.loopback import HOST, free_ports
from tests.mailhost.postward_process import PostwardProcess

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.mailhost.unprivileged import Installation

AUTHSERV_ID = "bench.example"
WORKERS_AS_SHIPPED = 2 * (os.cpu_count() or 1)


class PostwardFilter(PostwardProcess):
    """One ``postward run`` in ``folder`` with so many workers."""

    def __init__(
        self,
        folder: Path,
        installation: Installation,
        name_server: str,
        *,
        workers: int,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        folder.mkdir()
        # The service makes its socket here, and other accounts connect to it.
        folder.chmod(0o777)
        self.address = f"unix:{folder}/milter.sock"
        self.workers_wanted = workers
        all_settings: dict[str, Any] = {
            "authserv_id": AUTHSERV_ID,
            "listen": self.address,
            "socket_mode": "0666",
            "workers": workers,
            "dns": {"servers": [name_server]},
            "metrics": {"listen": f"{HOST}:{free_ports(1)[0]}"},
            "log": {"format": "json"},
            # Each row says what it measures; these have rows of their own.
            "redis": {"url": None},
            "reputation": {"enabled": False},
            "shedding": {"enabled": False},
            **(settings or {}),
        }
        super().__init__(folder, installation, all_settings)

    def start(self) -> None:
        """Start, and note how long it took until the service was ready."""
        started = time.monotonic()
        super().start()
        self.ready_after_s = time.monotonic() - started

    @property
    def contender(self) -> Contender:
        """Itself as one of those that are measured."""
        return Contender(
            name=postward_name(self.workers_wanted), milters=(self.address,), roots=(self.pid,), methods=METHODS
        )


def postward_name(workers: int) -> str:
    """Its name among the contenders."""
    return f"Postward, {workers} worker{'s' if workers > 1 else ''}"
