# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``redis``: where Postward keeps what all workers and hosts share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator, model_validator

from postward.config.schema.path import parse_directory
from postward.config.schema.section import Section, checked_text, fault, key
from postward.model.redis_url import parse_redis_url

MANAGED = "managed"
"""In place of a URL: Postward starts a Redis of its own."""
_HINT = (
    "write managed, redis://127.0.0.1:6379/0, rediss://host:6380/0, unix:///run/redis/redis.sock,"
    " redis+sentinel://host,host/SERVICE or redis+cluster://host,host"
)


def _redis_url(value: object) -> str | None:
    """The URL unchanged; a fault never quotes it, for it may hold a password."""
    if value is None:
        return None
    text = checked_text(value)
    if text == MANAGED:
        return text
    try:
        parse_redis_url(text)
    except ValueError as error:
        raise fault(str(error), _HINT) from None
    return text


def _optional_path(value: object) -> Path | None:
    return None if value is None else parse_directory(value)


_OptionalFile = Annotated[Path | None, PlainValidator(_optional_path)]


class RedisSection(Section):
    """Redis, which keeps reputation, limits, rates and greylisting for all MTAs of a fleet (docs/redis.md)."""

    url: Annotated[str | None, PlainValidator(_redis_url)] = key(
        "redis://HOST:PORT/DB, rediss:// for TLS, unix:///path/of.sock, redis+sentinel://HOST,HOST/SERVICE,"
        " redis+cluster://HOST,HOST, or managed: a private Redis that Postward starts itself, where redis-server"
        " or valkey-server is installed; null works without.  `redis: managed` alone does too.",
        default=MANAGED,
    )
    password_file: _OptionalFile = key(
        "File with the password, in place of one in the URL; the user, if any, stands there.", default=None
    )
    sentinel_user: str | None = key(
        "User of the sentinels, where they have users; null takes the one that they have without.", default=None
    )
    sentinel_password_file: _OptionalFile = key(
        "File with the password of the sentinels, where they ask for one.", default=None
    )
    ca_file: _OptionalFile = key(
        "Certificates that servers with TLS are trusted by; null takes those of the system.", default=None
    )
    certificate_file: _OptionalFile = key("Certificate to show to servers with TLS.", default=None)
    key_file: _OptionalFile = key("Key of that certificate.", default=None)
    max_memory_mb: int = key(
        "Of the managed Redis: megabytes of data; beyond that what is used least goes.",
        default=256,
        least=16,
        most=1_048_576,
    )

    @model_validator(mode="before")
    @classmethod
    def _url_alone(cls, value: object) -> object:
        """The URL without a section around it."""
        return {"url": value} if isinstance(value, str) else value
