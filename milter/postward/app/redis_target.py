# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Redis the configuration means, and the one way to it that a process has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.app.managed_redis import find_redis_program, lacks_program, managed_socket
from postward.config.schema.redis import MANAGED
from postward.errors import ConfigErrors
from postward.model.redis_target import RedisKind, RedisTarget, RedisTls
from postward.model.redis_url import parse_redis_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postward.config import Configuration
    from postward.store.timed_calls import RedisWatcher, TimedCalls

_MAX_PASSWORD_BYTES = 4_096


def redis_target(config: Configuration) -> RedisTarget | None:
    """Say which Redis is meant, passwords read from their files; None for none.

    Raises ConfigErrors where a file cannot be read, or does not go with the URL, and where a managed one is demanded
    and there is no program for it.
    """
    section = config.redis
    if section.url is None or lacks_program(config, find_redis_program()):
        return None
    if section.url == MANAGED:
        return RedisTarget(socket_path=str(managed_socket(config.state_dir)))
    target = parse_redis_url(section.url)
    return replace(
        target,
        password=_secret(config, "password_file", target.password),
        sentinel_password=_sentinel_password(config, target),
        tls=_tls(config, target),
    )


def open_calls(config: Configuration, make_watcher: Callable[[], RedisWatcher] | None = None) -> TimedCalls | None:
    """The way to Redis of this process, for threads and connections do not survive a fork; None without Redis.

    All that asks Redis shares it; to be closed behind all of them.  ``make_watcher`` gives what is told how it fares.
    """
    target = redis_target(config)
    if target is None:
        return None
    from postward.store.timed_calls import TimedCalls  # noqa: PLC0415 - without Redis nobody needs its client

    return TimedCalls(target, watcher=make_watcher() if make_watcher is not None else None)


def _sentinel_password(config: Configuration, target: RedisTarget) -> str | None:
    if target.kind is not RedisKind.SENTINEL and config.redis.sentinel_password_file is not None:
        raise ConfigErrors([
            config.error_at("redis.sentinel_password_file", "redis.url names no sentinels", "redis+sentinel://...")
        ])  # fmt: skip
    return _secret(config, "sentinel_password_file", None)


def _tls(config: Configuration, target: RedisTarget) -> RedisTls | None:
    section = config.redis
    files = {"ca_file": section.ca_file, "certificate_file": section.certificate_file, "key_file": section.key_file}
    given = [name for name, path in files.items() if path is not None]
    if target.tls is None:
        if given:
            hint = "write rediss:// in redis.url"
            raise ConfigErrors([config.error_at(f"redis.{given[0]}", "redis.url says nothing of TLS", hint)])
        return None
    if (section.certificate_file is None) != (section.key_file is None):
        raise ConfigErrors([config.error_at(f"redis.{given[-1]}", "certificate and key go together")])
    return RedisTls(**{name: str(path) for name, path in files.items() if path is not None})


def _secret(config: Configuration, name: str, otherwise: str | None) -> str | None:
    """The first line of a file; ``otherwise`` where none is named."""
    path: Path | None = getattr(config.redis, name)
    if path is None:
        return otherwise
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_PASSWORD_BYTES + 1)
        text = data.decode().split("\n", 1)[0].rstrip("\r")
    except OSError as error:
        raise ConfigErrors([config.error_at(f"redis.{name}", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError:
        raise ConfigErrors([config.error_at(f"redis.{name}", "is not UTF-8")]) from None
    if not text or len(data) > _MAX_PASSWORD_BYTES:
        raise ConfigErrors([config.error_at(f"redis.{name}", "must hold the password in its first line")])
    return text
