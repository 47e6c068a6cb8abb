# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Redis the configuration means, and the one way to it that a process has."""

from __future__ import annotations

import ssl
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
_OF_TLS = ("ca_file", "certificate_file", "key_file")


def redis_target(config: Configuration) -> RedisTarget | None:
    """Say which Redis is meant, passwords read from their files; None for none.

    Raises ConfigErrors where a file cannot be read, or does not go with the URL, and where a managed one is demanded
    and there is no program for it.
    """
    section, target = config.redis, check_redis_section(config)
    if section.url is None or lacks_program(config, find_redis_program()):
        return None
    if section.url == MANAGED:
        return RedisTarget(socket_path=str(managed_socket(config.state_dir)))
    return replace(
        target,
        password=_secret(config, "password_file", target.password),
        sentinel_user=section.sentinel_user,
        sentinel_password=_secret(config, "sentinel_password_file", None),
        tls=_tls(config, target),
    )


def check_redis_section(config: Configuration) -> RedisTarget:
    """Say what the URL alone means; no file is read.

    Raises ConfigErrors where other keys do not go with it.
    """
    section = config.redis
    target = RedisTarget() if section.url in {None, MANAGED} else parse_redis_url(section.url)
    given = [name for name in _OF_TLS if getattr(section, name) is not None]
    if target.kind is not RedisKind.SENTINEL:
        for name in ("sentinel_user", "sentinel_password_file"):
            if getattr(section, name) is not None:
                raise _fault(config, name, "redis.url names no sentinels", "redis+sentinel://HOST,HOST/SERVICE")
    if given and target.tls is None:
        raise _fault(config, given[0], "redis.url says nothing of TLS", "write rediss:// in redis.url")
    if (section.certificate_file is None) != (section.key_file is None):
        raise _fault(config, given[-1], "certificate and key go together")
    if section.sentinel_user is not None and section.sentinel_password_file is None:
        raise _fault(config, "sentinel_user", "has no password", "name its file in redis.sentinel_password_file")
    return target


def open_calls(config: Configuration, make_watcher: Callable[[], RedisWatcher] | None = None) -> TimedCalls | None:
    """The way to Redis of this process, for threads and connections do not survive a fork; None without Redis.

    All that asks Redis shares it; to be closed behind all of them.  ``make_watcher`` gives what is told how it fares.
    """
    target = redis_target(config)
    if target is None:
        return None
    from postward.store.timed_calls import TimedCalls  # noqa: PLC0415 - without Redis nobody needs its client

    return TimedCalls(target, watcher=make_watcher() if make_watcher is not None else None)


def _tls(config: Configuration, target: RedisTarget) -> RedisTls | None:
    """The files of TLS, which are tried: without that each message would find out that they are of no use."""
    if target.tls is None:
        return None
    files = {name: str(path) for name in _OF_TLS if (path := getattr(config.redis, name)) is not None}
    for name in files:
        _insist_on_file(config, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if "ca_file" in files:
        try:
            context.load_verify_locations(files["ca_file"])
        except ssl.SSLError as error:
            raise _fault(config, "ca_file", "holds no certificate in PEM") from error
    if "certificate_file" in files:
        try:
            # An empty word is refused; without any, OpenSSL would ask for one on the terminal.
            context.load_cert_chain(files["certificate_file"], files["key_file"], password="")
        except ssl.SSLError as error:
            raise _fault(config, "key_file", "is no key, without a password, of redis.certificate_file") from error
    return RedisTls(**files)


def _insist_on_file(config: Configuration, name: str) -> None:
    try:
        with getattr(config.redis, name).open("rb") as file:
            file.read(1)
    except OSError as error:
        raise _fault(config, name, f"cannot be read: {error.strerror}") from error


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
        raise _fault(config, name, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise _fault(config, name, "is not UTF-8") from None
    if not text or len(data) > _MAX_PASSWORD_BYTES:
        raise _fault(config, name, "must hold the password in its first line")
    return text


def _fault(config: Configuration, name: str, message: str, hint: str = "") -> ConfigErrors:
    return ConfigErrors([config.error_at(f"redis.{name}", message, hint)])
