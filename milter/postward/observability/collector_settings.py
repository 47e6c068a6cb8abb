# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collector is told: where to serve metrics, where and how long to keep events, and how to log."""

from __future__ import annotations

from dataclasses import dataclass, field

from postward.observability.event import Level
from postward.observability.logger import LogFormat, LogSettings

_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsAddress:
    """Where /metrics is served over HTTP."""

    address: str = "127.0.0.1"
    """An IPv4 or IPv6 address, not a name."""
    port: int = 9618
    """0 lets the system choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStoreSettings:
    """The local event store, and its bounds."""

    path: str
    """See ``event_schema.store_path``."""
    max_messages: int = 100_000
    max_age_s: float = 14 * 86_400.0
    max_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorSettings:
    """All that the collector has to know; with None it serves, or stores, nothing."""

    metrics: MetricsAddress | None = None
    store: EventStoreSettings | None = None
    log: LogSettings = field(default_factory=LogSettings)


def read_settings(values: dict[str, object]) -> CollectorSettings | None:
    """Rebuild what ``dataclasses.asdict`` made of settings; None where it is something else."""
    match values:
        case {"metrics": dict() | None as metrics, "store": dict() | None as store, "log": dict(log), **others} if (
            not others
        ):
            try:
                return CollectorSettings(
                    metrics=_read_address(metrics) if metrics is not None else None,
                    store=_read_store(store) if store is not None else None,
                    log=_read_log(log),
                )
            except (TypeError, ValueError):
                return None
    return None


def _read_address(values: dict[str, object]) -> MetricsAddress:
    match values:
        case {"address": str(address), "port": int(port)} if 0 <= port <= _MAX_PORT:
            return MetricsAddress(address=address, port=port)
    raise ValueError(values)


def _read_store(values: dict[str, object]) -> EventStoreSettings:
    match values:
        case {
            "path": str(path),
            "max_messages": int(max_messages),
            "max_age_s": int(max_age_s) | float(max_age_s),
            "max_bytes": int(max_bytes),
        }:
            return EventStoreSettings(path=path, max_messages=max_messages, max_age_s=max_age_s, max_bytes=max_bytes)
    raise ValueError(values)


def _read_log(values: dict[str, object]) -> LogSettings:
    match values:
        case {"format": str(form), "level": int(level)}:
            return LogSettings(format=LogFormat(form), level=Level(level))
    raise ValueError(values)
