# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the running milter, judged from outside."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from postward.app.diagnose.negotiation import probe_milter
from postward.errors import UsageError
from postward.mta.address import parse_listen_address
from postward.mta.status import REDIS_DOWN

if TYPE_CHECKING:
    from postward.mta.status import MtaStatus

_STALE_AFTER_S = 15.0
_PROBE_TIMEOUT_S = 5.0


def find_problems(status: MtaStatus, now_s: float) -> list[str]:
    """Return what is wrong, in words; empty where the milter runs and answers.

    A configuration that was refused on reload is no fault of the milter, which goes on with the old one.
    """
    if not _is_alive(status["pid"]):
        return [f"not running: the supervisor, process {status['pid']}, is gone"]
    age_s = now_s - status["written_s"]
    problems = [f"the supervisor has not written its status for {age_s:.0f} s"] if age_s > _STALE_AFTER_S else []
    return [*problems, *_generation_problems(status), *_socket_problems(status["listen"]), *_redis_problems(status)]


def _generation_problems(status: MtaStatus) -> list[str]:
    if not status["generations"]:
        return ["no generation of workers is there"]
    newest = status["generations"][0]
    serving = [worker for worker in newest["workers"] if worker["state"] == "serving"]
    if not serving:
        return [f"no worker of generation {newest['number']} is serving"]
    return [] if newest["is_healthy"] else [f"generation {newest['number']} is not well"]


def _socket_problems(listen: str) -> list[str]:
    try:
        probe_milter(parse_listen_address(listen), _PROBE_TIMEOUT_S)
    except (OSError, UsageError) as error:
        return [f"no answer on {listen}: {error}"]
    return []


def _redis_problems(status: MtaStatus) -> list[str]:
    redis = status["redis"]
    if redis is None or redis["state"] != REDIS_DOWN:
        return []
    return [f"the Redis that Postward starts itself does not run: {redis['reason']}"]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
