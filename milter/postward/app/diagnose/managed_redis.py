# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the Redis that Postward starts itself: whether it can be started, and how it stands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from postward.app.diagnose.as_user import find_account
from postward.app.diagnose.finding import error, ok, warning
from postward.app.managed_redis import NO_PROGRAM, managed_socket
from postward.model.redis_target import RedisTarget
from postward.mta.managed_redis.server import MAX_SOCKET_PATH
from postward.store.ping import PingOutcome, ping

if TYPE_CHECKING:
    from pathlib import Path

    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration

CHECK = "redis"
_TIMEOUT_S = 5.0


def check_managed_redis(config: Configuration, service_user: str, program: str | None) -> Finding:
    """Look at program and directory, and PING the server where it runs; that it does not run is no fault."""
    socket = managed_socket(config.state_dir)
    if program is None:
        return warning(CHECK, f"{NO_PROGRAM}: Postward works without Redis", "install one, or set redis.url to null")
    if len(os.fsencode(socket)) > MAX_SOCKET_PATH:
        advice = "choose a shorter state_dir"
        return error(CHECK, f"the path {socket} is too long for a socket: {MAX_SOCKET_PATH} octets at most", advice)
    try:
        return _look(socket, program, service_user)
    except PermissionError:
        return ok(CHECK, f"Postward starts {program} itself; only its own user can see how that stands")


def _look(socket: Path, program: str, service_user: str) -> Finding:
    folder = socket.parent
    account = find_account(service_user)
    if account is not None and folder.exists() and folder.stat().st_uid != account.uid:
        advice = f"chown -R {service_user}: {folder}"
        return error(CHECK, f"{folder} does not belong to the user {service_user}", advice)
    if not socket.exists():
        return ok(CHECK, f"Postward starts {program} itself; it does not run now")
    result = ping(RedisTarget(socket_path=str(socket)), timeout_s=_TIMEOUT_S)
    match result.outcome:
        case PingOutcome.OK:
            return ok(CHECK, "Postward's own Redis answers")
        case PingOutcome.LOADING:
            return ok(CHECK, "Postward's own Redis reads its data and is not ready yet")
        case PingOutcome.UNREACHABLE:
            return ok(CHECK, f"Postward starts {program} itself; it does not run now")
        case _:
            advice = "see what `postward status` and the log say of it; one that hangs is killed and started again"
            return error(CHECK, f"Postward's own Redis gives no right answer: {result.detail or 'in time'}", advice)
