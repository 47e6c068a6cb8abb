# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis as what counts for all workers and hosts together what senders send."""

from __future__ import annotations

import math
import threading
from collections import Counter
from typing import TYPE_CHECKING

from redis.exceptions import NoScriptError

from postward.model.quota import QuotaExcess, QuotaUnit
from postward.model.quota_limits import QuotaUsage
from postward.model.time_budget import TimeBudget
from postward.store.quotas.keys import lease_field, quota_key
from postward.store.quotas.script import BEGIN, COUNTED, DROPPED, END, LATE, SCRIPT, SHA, SHOW
from postward.store.spending import present_budget, spending
from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.model.quota import QuotaSubject
    from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
    from postward.store.clients import Client
    from postward.store.timed_calls import TimedCalls

_UNITS = (
    QuotaUnit.MESSAGES_PER_HOUR,
    QuotaUnit.RECIPIENTS_PER_HOUR,
    QuotaUnit.MESSAGES_PER_DAY,
    QuotaUnit.RECIPIENTS_PER_DAY,
    QuotaUnit.CONCURRENT,
)
"""As the script numbers them, from 1."""
_GRANTED = [1]
_LATELY_S, _LONGER_S, _TRIED_S = 1.0, 1.0, 2.0
_AT_ONCE = 100
"""Subjects in one round trip: Redis does nothing else for some milliseconds."""
_Command = tuple[str, tuple[str | int, ...]]
"""A key, and the arguments that go with it."""


class RedisQuotas:
    """One round trip for up to a hundred subjects of a message, one key a subject.  Safe from every thread.

    All raise RedisSilent, a TemporaryFailure.  Nothing from outside stands in a key that could end it.
    """

    def __init__(self, calls: TimedCalls) -> None:
        self._calls = calls
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()
        calls.prepare(SCRIPT)

    def begin(self, lease: str, requests: Sequence[QuotaRequest], *, lease_s: float) -> tuple[QuotaExcess | None, ...]:
        """Take what a message needs of each subject, for ``lease_s`` at most, unless a limit would be passed.

        Each answer is for one request: None where it was taken.  The same lease takes the same only once.  A Redis
        that answers others is waited for a little longer: whoever is not counted is not limited.
        """
        field, lease_ms = lease_field(lease), math.ceil(lease_s * 1_000)
        commands: list[_Command] = [
            (
                quota_key(request.subject, request.name),
                (BEGIN, field, lease_ms, request.messages, request.recipients, *_numbers(request.limits)),
            )
            for request in requests
        ]
        keys = [key for key, _ in commands]
        with self._lock:
            self._under_way.update(keys)
        try:
            answers = self._patiently(commands)
        finally:
            with self._lock:
                self._under_way -= Counter(keys)
        return tuple(_excess(request, answer) for request, answer in zip(requests, answers, strict=True))

    def end(self, endings: Sequence[QuotaEnding], *, lease_s: float) -> None:
        """Count what was taken, or give it back.

        A lease that is over already stays over; what is late is counted, once if it is told again within ``lease_s``.
        """
        lease_ms = math.ceil(lease_s * 1_000)
        self._run([(quota_key(each.request.subject, each.request.name), _ended(each, lease_ms)) for each in endings])

    def usage(self, subject: QuotaSubject, name: str) -> QuotaUsage:
        """Say what has been sent, and is under way."""
        answer = self._run([(quota_key(subject, name), (SHOW, ""))])[0]
        if not isinstance(answer, list) or len(answer) != len(_UNITS):
            raise RedisSilent("answered with what is no list of counts")
        return QuotaUsage(**{unit.value: int(number) for unit, number in zip(_UNITS, answer, strict=True)})

    def reset(self, subject: QuotaSubject, name: str) -> bool:
        """Forget what has been sent; False where there was nothing."""
        key = quota_key(subject, name)
        return self._calls.call(lambda client: client.execute_command("DEL", key)) == 1

    def _patiently(self, commands: Sequence[_Command]) -> list[object]:
        """Ask for some after the others; all that is asked for one message is waited for ``_LONGER_S`` more at most."""
        budget, answers = present_budget(), list[object]()
        patience = TimeBudget(_LONGER_S) if budget is None else budget.beyond(_LONGER_S)
        for start in range(0, len(commands), _AT_ONCE):
            answers += self._asked(commands[start : start + _AT_ONCE], patience)
        return answers

    def _asked(self, commands: Sequence[_Command], patience: TimeBudget) -> list[object]:
        try:
            return self._run(commands)
        except RedisSilent as error:
            is_slow = error.is_busy or self._calls.has_answered(within_s=_LATELY_S)
            if not (is_slow or self._is_contended(commands)):
                raise
            with spending(patience):
                return self._run(commands, wait_s=_LONGER_S, insists=True)

    def _is_contended(self, commands: Sequence[_Command]) -> bool:
        """Whether others ask for the same just now: then to go on uncounted is what would pass a limit."""
        if self._calls.is_silent_for(_TRIED_S):
            return False
        with self._lock:
            return any(self._under_way[key] > 1 for key, _ in commands)

    def _run(self, commands: Sequence[_Command], *, wait_s: float | None = None, insists: bool = False) -> list[object]:
        return self._calls.call(lambda client: _answers(client, commands), wait_s=wait_s, insists=insists)


def _ended(ending: QuotaEnding, lease_ms: int) -> tuple[str | int, ...]:
    request, age_ms = ending.request, math.floor(ending.age_s * 1_000)
    how = DROPPED if not ending.is_counted else LATE if ending.is_late else COUNTED
    amounts = request.messages, request.recipients, int(request.limits.has_days)
    return (END, lease_field(ending.lease), how, age_ms, *amounts, lease_ms)


def _numbers(limits: QuotaLimits) -> tuple[int, ...]:
    values = (
        limits.messages_per_hour,
        limits.recipients_per_hour,
        limits.messages_per_day,
        limits.recipients_per_day,
        limits.concurrent,
    )
    return (*(-1 if value is None else value for value in values), limits.burst)


def _excess(request: QuotaRequest, answer: object) -> QuotaExcess | None:
    if answer == _GRANTED:
        return None
    match answer:
        case [0, int(unit), int(used), int(limit), int(wait_ms)] if 1 <= unit <= len(_UNITS):
            return QuotaExcess(
                subject=request.subject,
                name=request.name,
                unit=_UNITS[unit - 1],
                limit=limit,
                used=used,
                retry_after_s=wait_ms / 1_000,
            )
    raise RedisSilent("answered with what is no answer about a limit")


def _answers(client: Client, commands: Sequence[_Command]) -> list[object]:
    answers = _sent(client, commands, ("EVALSHA", SHA))
    if any(isinstance(answer, NoScriptError) for answer in answers):
        # Restarted, or its scripts were flushed.  What was done already is not done twice.
        answers = _sent(client, commands, ("EVAL", SCRIPT))
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def _sent(client: Client, commands: Sequence[_Command], how: tuple[str, str]) -> list[object]:
    pipeline = client.pipeline()
    for key, arguments in commands:
        pipeline.execute_command(*how, 1, key, *arguments)
    # The errors that redis-py raises itself here quote the command.
    return list(pipeline.execute(raise_on_error=False))
