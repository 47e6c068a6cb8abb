# SPDX-License-Identifier: GPL-3.0-or-later
"""Which limits hold for whom."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.quota import QuotaUnit
from postward.model.quota_limits import QuotaLimits
from postward.pipeline.client_trust import UNKNOWN_TRUST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.model.ip_address import IpNetwork
    from postward.model.quota import QuotaSubject
    from postward.pipeline.quota_subjects import Sending

_NO_LIMITS = QuotaLimits()
_SCALED = (
    QuotaUnit.MESSAGES_PER_HOUR,
    QuotaUnit.MESSAGES_PER_DAY,
    QuotaUnit.RECIPIENTS_PER_HOUR,
    QuotaUnit.RECIPIENTS_PER_DAY,
)
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """Messages a day that grow from day to day."""

    since: date
    """The first of them, in UTC."""
    start_per_day: int
    growth: float

    def messages_per_day(self, now_s: float) -> int:
        """How many at Unix time ``now_s``; before it begins as on its first day."""
        days = max(0, (datetime.fromtimestamp(now_s, UTC).date() - self.since).days)
        # Beyond this power even the slowest growth has passed the most.
        grown = math.log(self.start_per_day) + days * math.log(self.growth)
        return _MOST if grown >= math.log(_MOST) else math.floor(self.start_per_day * self.growth**days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What somebody may send."""

    limits: QuotaLimits
    warm_up: WarmUp | None = None

    def at(self, now_s: float) -> QuotaLimits:
        """The limits that hold at Unix time ``now_s``."""
        if self.warm_up is None:
            return self.limits
        grown, most = self.warm_up.messages_per_day(now_s), self.limits.messages_per_day
        if grown >= _MOST:
            return self.limits
        return replace(self.limits, messages_per_day=grown if most is None else min(grown, most))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFactors:
    """By what limits are multiplied; 1 for those of whom nothing is known."""

    least: float
    """Where no mail is trusted."""
    most: float
    """Where all is."""

    def factor(self, trust: float) -> float:
        """Between the two, for a trust from 0 to 1."""
        distance = max(-1.0, min(1.0, (trust - UNKNOWN_TRUST) / UNKNOWN_TRUST))
        return float(self.most**distance if distance >= 0 else self.least**-distance)


class NetworkAllowances:
    """Allowances of networks, found by the narrowest that holds an address or a network."""

    def __init__(self, allowances: Iterable[tuple[IpNetwork, Allowance]]) -> None:
        self._by_width: dict[tuple[int, int], dict[int, Allowance]] = {}
        for network, allowance in allowances:
            width = self._by_width.setdefault((network.version, network.prefixlen), {})
            width[int(network.network_address)] = allowance
        self._widths = sorted(self._by_width, key=lambda width: width[1], reverse=True)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._widths)

    @property
    def allowances(self) -> tuple[Allowance, ...]:
        """All of them."""
        return tuple(allowance for width in self._by_width.values() for allowance in width.values())

    def find(self, wanted: IpNetwork) -> Allowance | None:
        """The allowance of the narrowest network that holds all of ``wanted``."""
        number, most = int(wanted.network_address), wanted.max_prefixlen
        for version, width in self._widths:
            if version == wanted.version and width <= wanted.prefixlen:
                base = number >> (most - width) << (most - width)
                if found := self._by_width[version, width].get(base):
                    return found
        return None


_NO_NETWORKS = NetworkAllowances(())


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPolicy:
    """What those of one kind may send."""

    default: Allowance = field(default_factory=lambda: Allowance(limits=_NO_LIMITS))
    named: Mapping[str, Allowance] = field(default_factory=lambda: MappingProxyType({}))
    networks: NetworkAllowances = _NO_NETWORKS
    factors: TrustFactors | None = None
    """None: what is known of them does not matter."""

    @property
    def limits_nobody(self) -> bool:
        """No limit is configured."""
        return self.default.limits.are_none and not self.named and not self.networks

    @property
    def limits_places(self) -> bool:
        """It is limited for one of them how many messages are judged at the same time."""
        allowances = (self.default, *self.named.values(), *self.networks.allowances)
        return any(allowance.limits.concurrent is not None for allowance in allowances)

    def allowance(self, sending: Sending) -> Allowance:
        """What one of them may send."""
        found = self.named.get(sending.name) or self.named.get(sending.group)
        if found is None and sending.network is not None and self.networks:
            found = self.networks.find(sending.network)
        return found or self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaPolicy:
    """Who may send how much."""

    subjects: Mapping[QuotaSubject, SubjectPolicy]
    """Those kinds that are limited at all."""

    @property
    def limits_places(self) -> bool:
        """It is limited for somebody how many messages are judged at the same time."""
        return any(policy.limits_places for policy in self.subjects.values())

    def limits(self, sending: Sending, now_s: float, trust: float = UNKNOWN_TRUST) -> QuotaLimits:
        """The limits that hold for somebody at Unix time ``now_s``; all None where there are none."""
        policy = self.subjects.get(sending.subject)
        if policy is None:
            return _NO_LIMITS
        limits = policy.allowance(sending).at(now_s)
        return limits if policy.factors is None else _scaled(limits, policy.factors.factor(trust))

    def too_many(self, sending: Sending, limits: QuotaLimits) -> QuotaUnit | None:
        """The unit of which one message has more than is ever let through, whatever was sent before."""
        policy = self.subjects.get(sending.subject)
        usual = policy.allowance(sending).limits if policy is not None else _NO_LIMITS
        for unit, burst in ((QuotaUnit.RECIPIENTS_PER_HOUR, limits.burst), (QuotaUnit.RECIPIENTS_PER_DAY, 0)):
            now, ever = limits.of(unit), usual.of(unit)
            # A limit that is lowered for the time being may rise again.
            if now is not None and sending.recipients > max(now, ever or 0) + burst:
                return unit
        return None


def _scaled(limits: QuotaLimits, factor: float) -> QuotaLimits:
    if factor == 1:
        return limits
    scaled = {
        unit.value: max(1, math.floor(limit * factor)) for unit in _SCALED if (limit := limits.of(unit)) is not None
    }
    return replace(limits, **scaled)
