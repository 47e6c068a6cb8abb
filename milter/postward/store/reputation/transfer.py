# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is kept, read from all servers page by page, and put back."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from redis.exceptions import InvalidResponse

from postward.store import wire
from postward.store.reputation.delivery import NOTED
from postward.store.reputation.history import pack_days, unpack_days
from postward.store.reputation.keys import (
    CORRESPONDENCE_PREFIX,
    FAST,
    HISTORY,
    PREFIX,
    is_correspondence_key,
    key_of_tag,
    tag_of,
)
from postward.store.reputation.reading import read
from postward.store.reputation.record import pack, unpack
from postward.store.reputation.saved import Saved, SavedCorrespondence
from postward.store.reputation.scripts import FAST_TTL_S, HISTORY_TTL_S, SLOW_TTL_S
from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from postward.store.clients import Client
    from postward.store.timed_calls import TimedCalls

_PAGE = 500
_MOST_KEYS = 100_000
"""In one page; a server answers with some more than were asked for, but not with so many."""
_WAIT_S = 5.0
"""A person waits for it, and no message."""
_AT_ONCE = 32
"""Identities put back in one round trip."""
_DAY_S = 86_400
_EPOCH = date(1970, 1, 1)
_PARTS_OF_A_PAGE = 2


def pages(calls: TimedCalls, pattern: str, progress: Callable[[int, int], object]) -> Iterator[list[str]]:
    """The keys that match, page by page; one may come more than once.

    Raises RedisSilent, a TemporaryFailure, also where other servers keep them at the end than at the beginning.
    """
    servers = calls.call(_servers, wait_s=_WAIT_S)
    total = sum(size for _, size in servers)
    looked = 0
    for number in range(len(servers)):
        cursor = b"0"
        while True:
            cursor, keys = calls.call(partial(_page, number=number, cursor=cursor, pattern=pattern), wait_s=_WAIT_S)
            looked = min(total, looked + _PAGE)
            progress(looked, total)
            if keys:
                yield keys
            if cursor == b"0":
                break
    if [name for name, _ in calls.call(_servers, wait_s=_WAIT_S)] != [name for name, _ in servers]:
        raise RedisSilent("other servers keep the keys by now, so some may be missing")
    progress(total, total)


def dump(calls: TimedCalls, progress: Callable[[int, int], object]) -> Iterator[Saved]:
    """All identities as they lie in Redis; what is no record of ours is passed over."""
    for keys in pages(calls, f"{PREFIX}*}}", progress):
        ours = [key for key in keys if key_of_tag(tag_of(key)) is not None]
        wanted = [f"{key}{twin}" for key in ours for twin in ("", FAST, HISTORY)]
        values = read(calls, wanted, wait_s=_WAIT_S)
        for place, key in enumerate(ours):
            slow, fast, days = values[3 * place : 3 * place + 3]
            saved = Saved(tag=tag_of(key), slow=unpack(slow), fast=unpack(fast), days=unpack_days(days) or ())
            if saved.slow is not None or saved.fast is not None or saved.days:
                yield saved


def dump_correspondences(
    calls: TimedCalls, now_s: Callable[[], float], progress: Callable[[int, int], object]
) -> Iterator[SavedCorrespondence]:
    """All correspondences; ``now_s`` gives Unix time."""
    for keys in pages(calls, f"{CORRESPONDENCE_PREFIX}*}}", progress):
        left = calls.call(partial(wire.exchange, commands=[(b"PTTL", key.encode()) for key in keys]), wait_s=_WAIT_S)
        for key, left_ms in zip(keys, left, strict=True):
            if isinstance(left_ms, Exception):
                raise RedisSilent(wire.in_words(left_ms))
            if is_correspondence_key(key) and isinstance(left_ms, int) and left_ms > 0:
                yield SavedCorrespondence(key=key, until_s=round(now_s() + left_ms / 1_000))


def restore(calls: TimedCalls, saved: Sequence[Saved | SavedCorrespondence], now_s: float) -> int:
    """Put back as it was, in place of what is there; returns how many were not forgotten by now.

    To do that twice is as good as once.  Raises RedisSilent, a TemporaryFailure, where a part may not be written.
    """
    written = 0
    for start in range(0, len(saved), _AT_ONCE):
        commands = [(one, _commands(one, now_s)) for one in saved[start : start + _AT_ONCE]]
        written += sum(any(command[0] == b"SET" for command in each) for _, each in commands)
        calls.call(partial(_write, commands=[command for _, some in commands for command in some]), wait_s=_WAIT_S)
    return written


def _commands(saved: Saved | SavedCorrespondence, now_s: float) -> list[wire.Command]:
    if isinstance(saved, SavedCorrespondence):
        return [_set(saved.key, NOTED, saved.until_s, now_s)]
    key = key_of_tag(saved.tag)
    if key is None:
        raise ValueError("the tag is none of an identity")
    slow, fast, days = saved.slow, saved.fast, saved.days
    last_s = _last_day_s(saved)
    return [
        _set(key, pack(slow), slow.last_s + SLOW_TTL_S, now_s) if slow else (b"DEL", key.encode()),
        _set(key + FAST, pack(fast), fast.last_s + FAST_TTL_S, now_s) if fast else (b"DEL", f"{key}{FAST}".encode()),
        _set(key + HISTORY, pack_days(days, last_s=last_s), last_s + HISTORY_TTL_S, now_s)
        if days
        else (b"DEL", f"{key}{HISTORY}".encode()),
    ]


def _set(key: str, value: bytes, until_s: int, now_s: float) -> wire.Command:
    """Return what keeps a value until then; nothing is kept of what would be forgotten by now."""
    if until_s <= now_s:
        return b"DEL", key.encode()
    return b"SET", key.encode(), value, b"EXAT", b"%d" % min(until_s, now_s + SLOW_TTL_S + _DAY_S)


def _last_day_s(saved: Saved) -> int:
    if not saved.days:
        return 0
    return ((max(day.day for day in saved.days) - _EPOCH).days + 1) * _DAY_S


def _write(client: Client, commands: Sequence[wire.Command]) -> None:
    for answer in wire.exchange(client, commands):
        if isinstance(answer, Exception):
            raise answer


def _servers(client: Client) -> list[tuple[bytes, int]]:
    """Return what each master is called as long as it runs, and how many keys it has."""
    found = []
    for master in client.masters():
        info, size = wire.exchange(master, [(b"INFO", b"server"), (b"DBSIZE",)])
        if not isinstance(info, bytes) or not isinstance(size, int):
            raise info if isinstance(info, Exception) else size if isinstance(size, Exception) else InvalidResponse("?")
        found.append((info.partition(b"run_id:")[2].partition(b"\r")[0], size))
    return found


def _page(client: Client, number: int, cursor: bytes, pattern: str) -> tuple[bytes, list[str]]:
    masters = client.masters()
    if number >= len(masters):
        raise InvalidResponse("fewer servers than before")
    (answer,) = wire.exchange(masters[number], [(b"SCAN", cursor, b"MATCH", pattern.encode(), b"COUNT", b"%d" % _PAGE)])
    if isinstance(answer, Exception):
        raise answer
    if not isinstance(answer, list) or len(answer) != _PARTS_OF_A_PAGE or not isinstance(answer[1], list):
        raise InvalidResponse("no page of keys")
    following, keys = answer
    if not isinstance(following, bytes) or len(keys) > _MOST_KEYS:
        raise InvalidResponse("no page of keys")
    # What is not ASCII was not made here, and is found to be none of ours.
    return following, [key.decode("latin-1") for key in keys if isinstance(key, bytes)]
