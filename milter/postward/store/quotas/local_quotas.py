# SPDX-License-Identifier: GPL-3.0-or-later
"""What this process counts by itself of what senders send, where Redis does not."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postward.model.quota import QuotaExcess, QuotaUnit
from postward.model.quota_limits import QuotaLimits, QuotaUsage
from postward.store.quotas.keys import quota_key
from postward.store.quotas.script import (
    BURST_MS,
    DAY_BUCKET_MS,
    DAY_BUCKETS,
    HOUR_BUCKET_MS,
    HOUR_BUCKETS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.quota import QuotaSubject
    from postward.model.quota_limits import QuotaEnding, QuotaRequest

MAX_SUBJECTS = 20_000
_HOUR_UNITS = (QuotaUnit.MESSAGES_PER_HOUR, QuotaUnit.RECIPIENTS_PER_HOUR)
_DAY_UNITS = (QuotaUnit.MESSAGES_PER_DAY, QuotaUnit.RECIPIENTS_PER_DAY)
_Amounts = tuple[int, int]
"""Messages and recipients."""
_NOTHING: _Amounts = (0, 0)


class _Window:
    """Counts by the part of an hour or a day in which they came; see ``store.quotas.script``."""

    def __init__(self, bucket_s: float, buckets: int) -> None:
        self._bucket_s = bucket_s
        self._most = buckets
        self._counts: dict[int, _Amounts] = {}

    def total(self, now_s: float) -> _Amounts:
        oldest = int(now_s // self._bucket_s) - self._most
        for bucket in [bucket for bucket in self._counts if bucket <= oldest]:
            del self._counts[bucket]
        return sum(each[0] for each in self._counts.values()), sum(each[1] for each in self._counts.values())

    def add(self, amounts: _Amounts, now_s: float) -> None:
        bucket = int(now_s // self._bucket_s)
        before = self._counts.get(bucket, _NOTHING)
        self._counts[bucket] = before[0] + amounts[0], before[1] + amounts[1]

    def wait_s(self, column: int, surplus: int, now_s: float) -> float | None:
        """Until when so much of it is over; None where it is not all in here."""
        for bucket in sorted(self._counts):
            surplus -= self._counts[bucket][column]
            if surplus <= 0:
                return max(0.0, (bucket + self._most) * self._bucket_s - now_s)
        return None


@dataclass(frozen=True, slots=True)
class _Lease:
    until_s: float
    amounts: _Amounts
    burst: _Amounts


@dataclass(slots=True)
class _Subject:
    hour: _Window = field(default_factory=lambda: _Window(HOUR_BUCKET_MS / 1_000, HOUR_BUCKETS))
    day: _Window = field(default_factory=lambda: _Window(DAY_BUCKET_MS / 1_000, DAY_BUCKETS))
    leases: dict[str, _Lease] = field(default_factory=dict)
    spent: tuple[float, float] = (0.0, 0.0)
    """Of the burst."""
    spent_s: float = 0.0

    def add(self, amounts: _Amounts, now_s: float) -> None:
        """Count them."""
        self.hour.add(amounts, now_s)
        self.day.add(amounts, now_s)

    def totals(self, own: str, now_s: float) -> tuple[_Amounts, _Amounts]:
        """What counts of hour and day, with what others are taking."""
        for lease in [lease for lease, each in self.leases.items() if each.until_s <= now_s]:
            del self.leases[lease]
        others = [each.amounts for lease, each in self.leases.items() if lease != own]
        under_way = sum(each[0] for each in others), sum(each[1] for each in others)
        hour, day = self.hour.total(now_s), self.day.total(now_s)
        return _sum(hour, under_way), _sum(day, under_way)


class LocalQuotas:
    """See ``store.quotas.redis_quotas.RedisQuotas``; counts by the same rules, and never fails.

    Each limit counts here with the share of one of ``workers`` processes.  Where there are more than ``most`` subjects,
    those go that have not sent for longest.
    """

    def __init__(self, workers: int, *, most: int = MAX_SUBJECTS, clock: Callable[[], float] = time.monotonic) -> None:
        self._workers = workers
        self._most = most
        self._clock = clock
        self._subjects: OrderedDict[str, _Subject] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._subjects)

    def begin(self, lease: str, requests: Sequence[QuotaRequest], *, lease_s: float) -> tuple[QuotaExcess | None, ...]:
        """Take what a message needs of each subject, or say which limit that would pass."""
        with self._lock:
            now_s = self._clock()
            return tuple(self._begin(lease, request, now_s, lease_s) for request in requests)

    def end(self, endings: Sequence[QuotaEnding], *, lease_s: float) -> None:  # noqa: ARG002 - Redis needs it
        """Count what was taken, or give it back; what is late counts without a lease as well."""
        with self._lock:
            now_s = self._clock()
            for each in endings:
                subject = self._subject(quota_key(each.request.subject, each.request.name))
                lease = subject.leases.pop(each.lease, None)
                amounts = each.request.messages, each.request.recipients
                if each.is_counted and (lease is not None or each.is_late):
                    subject.add(amounts, now_s - each.age_s)
                elif lease is not None:
                    _give_back(subject, lease)

    def usage(self, subject: QuotaSubject, name: str) -> QuotaUsage:
        """Say what has been sent, and is under way."""
        with self._lock:
            known = self._subjects.get(quota_key(subject, name))
            if known is None:
                return QuotaUsage()
            hour, day = known.totals("", self._clock())
            return QuotaUsage(
                messages_per_hour=hour[0],
                recipients_per_hour=hour[1],
                messages_per_day=day[0],
                recipients_per_day=day[1],
                concurrent=len(known.leases),
            )

    def _begin(self, lease: str, request: QuotaRequest, now_s: float, lease_s: float) -> QuotaExcess | None:
        subject = self._subject(quota_key(request.subject, request.name))
        limits = shared(request.limits, self._workers)
        hour, day = subject.totals(lease, now_s)
        others = len(subject.leases) - (lease in subject.leases)
        if limits.concurrent is not None and others + 1 > limits.concurrent:
            return _excess(request, QuotaUnit.CONCURRENT, limits.concurrent, others, 0.0)
        taken = request.messages, request.recipients
        left = _burst_left(subject, limits.burst, now_s)
        over = _over(hour, taken, (limits.messages_per_hour, limits.recipients_per_hour))
        for column, unit in enumerate(_HOUR_UNITS):
            if min(taken[column], over[column]) > left[column]:
                wait_s = subject.hour.wait_s(column, over[column] - int(left[column]), now_s)
                return _excess(request, unit, limits.of(unit), hour[column], _or(wait_s, lease_s))
        beyond = _over(day, taken, (limits.messages_per_day, limits.recipients_per_day))
        for column, unit in enumerate(_DAY_UNITS):
            if beyond[column] > 0:
                wait_s = subject.day.wait_s(column, beyond[column], now_s)
                return _excess(request, unit, limits.of(unit), day[column], _or(wait_s, lease_s))
        burst = min(taken[0], over[0]), min(taken[1], over[1])
        subject.leases[lease] = _Lease(now_s + lease_s, taken, burst)
        if any(burst):
            subject.spent = (limits.burst - left[0] + burst[0], limits.burst - left[1] + burst[1])
            subject.spent_s = now_s
        return None

    def _subject(self, key: str) -> _Subject:
        subject = self._subjects.pop(key, None) or _Subject()
        self._subjects[key] = subject
        if len(self._subjects) > self._most:
            self._subjects.popitem(last=False)
        return subject


def shared(limits: QuotaLimits, workers: int) -> QuotaLimits:
    """The share of one of so many workers, which is never nothing."""

    def share(limit: int | None) -> int | None:
        return None if limit is None else max(1, limit // workers)

    return replace(
        limits,
        messages_per_hour=share(limits.messages_per_hour),
        messages_per_day=share(limits.messages_per_day),
        recipients_per_hour=share(limits.recipients_per_hour),
        recipients_per_day=share(limits.recipients_per_day),
        concurrent=share(limits.concurrent),
        burst=limits.burst // workers,
    )


def _over(used: _Amounts, taken: _Amounts, limits: tuple[int | None, int | None]) -> _Amounts:
    """How far beyond the limits a message would come."""
    messages, recipients = (
        0 if limit is None else max(0, before + more - limit)
        for before, more, limit in zip(used, taken, limits, strict=True)
    )
    return messages, recipients


def _burst_left(subject: _Subject, burst: int, now_s: float) -> tuple[float, float]:
    back = max(0.0, now_s - subject.spent_s) * burst * 1_000 / BURST_MS
    messages, recipients = subject.spent
    return burst - max(0.0, messages - back), burst - max(0.0, recipients - back)


def _give_back(subject: _Subject, lease: _Lease) -> None:
    subject.spent = (max(0.0, subject.spent[0] - lease.burst[0]), max(0.0, subject.spent[1] - lease.burst[1]))


def _sum(one: _Amounts, other: _Amounts) -> _Amounts:
    return one[0] + other[0], one[1] + other[1]


def _or(wait_s: float | None, lease_s: float) -> float:
    return lease_s if wait_s is None else wait_s


def _excess(request: QuotaRequest, unit: QuotaUnit, limit: int | None, used: int, wait_s: float) -> QuotaExcess:
    return QuotaExcess(
        subject=request.subject, name=request.name, unit=unit, limit=limit or 0, used=used, retry_after_s=wait_s
    )
