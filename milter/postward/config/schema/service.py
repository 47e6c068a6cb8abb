"""Sections ``log``, ``metrics``, ``events`` and ``redis``: what Postward tells, and what it keeps where."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import PlainValidator

from postward.config.schema.endpoint import OptionalHostPort, parse_host_port
from postward.config.schema.section import Section, checked_text, fault, key

_REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})
_MAX_URL_LENGTH = 2_048


class LogSection(Section):
    """The log, on standard error: one event for every message."""

    format: Literal["logfmt", "json"] = key("Form of a line.", default="logfmt")
    level: Literal["debug", "info", "warning", "error"] = key(
        "The least important events that are written.", default="info"
    )
    addresses: Literal["full", "domain", "none"] = key(
        "How much of mail addresses the log and the events show: all, the domain alone, or nothing.", default="full"
    )


class MetricsSection(Section):
    """Metrics for Prometheus."""

    listen: OptionalHostPort = key(
        "Address and port of the HTTP endpoint /metrics; null for none.", default=parse_host_port("127.0.0.1:9618")
    )


class EventsSection(Section):
    """The local store that `postward why` answers from; it lies in state_dir."""

    max_messages: int = key(
        "Events kept: one for each message, and one for each transport rule that matched it; 0 keeps none.",
        default=100_000,
        least=0,
        most=100_000_000,
    )
    max_age_days: int = key("Days that a message is kept.", default=14, least=1, most=3_650)


def _redis_url(value: object) -> str | None:
    """The URL unchanged; a fault never quotes it, for it may hold a password."""
    if value is None:
        return None
    text = checked_text(value)
    hint = "write redis://127.0.0.1:6379/0, rediss://host:6380/0 or unix:///run/redis/redis.sock"
    try:
        url = urlsplit(text)
        valid = url.scheme in _REDIS_SCHEMES and (url.port is None or url.port > 0)
    except ValueError:
        valid = False
    if not valid or len(text) > _MAX_URL_LENGTH or not (url.path if url.scheme == "unix" else url.hostname):
        raise fault("is no URL of a Redis server", hint)
    return text


class RedisSection(Section):
    """Redis, which keeps the reputation for all MTAs of a fleet."""

    url: Annotated[str | None, PlainValidator(_redis_url)] = key(
        "redis://HOST:PORT/DB, rediss:// for TLS, or unix:///path/of.sock; null works without Redis.", default=None
    )
