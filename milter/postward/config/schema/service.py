# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections ``log``, ``metrics`` and ``events``: what Postward tells."""

from __future__ import annotations

from typing import Literal

from postward.config.schema.endpoint import OptionalHostPort, parse_host_port
from postward.config.schema.section import Section, key


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
