# SPDX-License-Identifier: GPL-3.0-or-later
"""What all sessions of a worker share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.mta.negotiation import Agreements

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.body import Body
    from postward.mta.afterwards import Afterwards
    from postward.mta.census import Census
    from postward.mta.engine import Engine
    from postward.mta.gate import Gate
    from postward.mta.judging import Judge
    from postward.mta.reception import Reception
    from postward.mta.settings import MessageLimits
    from postward.observability.logger import EventLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts that a session hands its messages to, and the makers of what a message needs."""

    engine: Engine
    gate: Gate
    judge: Judge
    reception: Reception
    afterwards: Afterwards
    census: Census
    limits: MessageLimits
    log: EventLog
    new_id: Callable[[], str]
    new_body: Callable[[], Body]
    clock: Callable[[], float]
    """Wall clock, Unix time."""
    agreements: Agreements = field(default_factory=Agreements)
