# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that Redis can be reached, where one is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok
from postward.app.diagnose.managed_redis import CHECK, check_managed_redis
from postward.app.managed_redis import find_redis_program
from postward.app.redis_target import redis_target
from postward.config.schema.redis import MANAGED
from postward.errors import ConfigErrors
from postward.store.ping import PingOutcome, ping

if TYPE_CHECKING:
    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration

_TIMEOUT_S = 5.0
_WORDS = {
    PingOutcome.UNREACHABLE: (
        "Redis cannot be reached",
        "see that it runs, and that redis.url says where, and whether with TLS (rediss)",
    ),
    PingOutcome.REFUSED: (
        "Redis refuses the service",
        (
            "put the user into redis.url, and the password there or into redis.password_file; sentinels have"
            " redis.sentinel_user and sentinel_password_file; docs/redis.md has the rights"
        ),
    ),
    PingOutcome.LOADING: ("Redis reads its data and is not ready yet", "try again in a while"),
    PingOutcome.TIMEOUT: (
        "Redis gives no answer in time",
        "see that it runs, that redis.url says whether with TLS (rediss), and that no firewall stands between",
    ),
    PingOutcome.UNFIT: (
        "Redis answers, and not as redis.url has it",
        "see that redis.url says what it is: one server, sentinels or a cluster, and a database that it has",
    ),
    PingOutcome.NO_TRUST: (
        "no connection with TLS comes about",
        (
            "redis.ca_file has to hold who signed the server's certificate, which has to be for the name that is"
            " connected to; where the server asks for one too, it is redis.certificate_file with key_file"
        ),
    ),
    PingOutcome.NOT_REDIS: ("what listens there is no Redis", "correct redis.url"),
}


def check_redis(config: Configuration, service_user: str) -> Finding:
    """PING all servers that keys lie on; the URL is never shown, for it may hold a password."""
    try:
        target = redis_target(config)
    except ConfigErrors as errors:
        return error(CHECK, "; ".join(str(fault) for fault in errors.errors), "correct the section redis")
    if config.redis.url == MANAGED:
        return check_managed_redis(config, service_user, find_redis_program())
    if target is None:
        return ok(CHECK, "none is configured")
    result = ping(target, timeout_s=_TIMEOUT_S)
    if result.outcome is PingOutcome.OK:
        return ok(CHECK, "Redis answers")
    message, advice = _WORDS[result.outcome]
    return error(CHECK, f"{message}: {result.detail}" if result.detail else message, advice)
