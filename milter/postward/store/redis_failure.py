# SPDX-License-Identifier: GPL-3.0-or-later
"""How Redis fails: what counts against the server, and what only against one key."""

from __future__ import annotations

import re
from enum import StrEnum

from redis import exceptions
from redis.sentinel import MasterNotFoundError


class FailureKind(StrEnum):
    """What was wrong, as metrics have it."""

    TIMEOUT = "timeout"
    """No answer in time."""
    CONNECTION = "connection"
    """Nothing listens there, the connection broke, or no sentinel knows a master."""
    REFUSED = "refused"
    """The server wants another user or password, or does not let this one do that."""
    LOADING = "loading"
    """It reads its data and is not ready yet."""
    READ_ONLY = "read_only"
    """It is a replica, or cannot write its files."""
    FULL = "full"
    """It has no memory left."""
    CLUSTER = "cluster"
    """The cluster is down, or nobody has the slot."""
    NONSENSE = "nonsense"
    """What answers is no Redis."""


_BY_TYPE: tuple[tuple[type[Exception], FailureKind], ...] = (
    (exceptions.BusyLoadingError, FailureKind.LOADING),
    (exceptions.AuthenticationError, FailureKind.REFUSED),
    (exceptions.NoPermissionError, FailureKind.REFUSED),
    (exceptions.TimeoutError, FailureKind.TIMEOUT),
    (exceptions.ReadOnlyError, FailureKind.READ_ONLY),
    (exceptions.OutOfMemoryError, FailureKind.FULL),
    (exceptions.ClusterDownError, FailureKind.CLUSTER),
    (exceptions.MasterDownError, FailureKind.CLUSTER),
    (exceptions.AskError, FailureKind.CLUSTER),
    (exceptions.TryAgainError, FailureKind.CLUSTER),
    (exceptions.ClusterError, FailureKind.CLUSTER),
    (exceptions.RedisClusterException, FailureKind.CLUSTER),
    (exceptions.InvalidResponse, FailureKind.NONSENSE),
    (exceptions.ConnectionError, FailureKind.CONNECTION),
)
"""The narrower ones first: many of them are ConnectionErrors or ResponseErrors."""
_MOST_CAUSES = 8
_OF_A_SENTINEL = re.compile(r" - (?:\w{1,40}:)?([A-Z]\w{1,60}Error)\b")
"""Of what each sentinel failed: redis-py has no more in its text about a master that nobody knows, among much else."""
_SENTINELS_WORDS = {
    "AuthenticationError": "sentinels want another user or password",
    "TimeoutError": "sentinels give no answer in time",
    "ConnectionError": "sentinels cannot be reached",
}
_MOST_CHARS = 10_000
_BY_FIRST_WORD = {
    "NOAUTH": FailureKind.REFUSED,
    "WRONGPASS": FailureKind.REFUSED,
    "NOPERM": FailureKind.REFUSED,
    "LOADING": FailureKind.LOADING,
    "READONLY": FailureKind.READ_ONLY,
    "MISCONF": FailureKind.READ_ONLY,
    "NOREPLICAS": FailureKind.READ_ONLY,
    "OOM": FailureKind.FULL,
    "CLUSTERDOWN": FailureKind.CLUSTER,
    "MASTERDOWN": FailureKind.CLUSTER,
}


def failure_kind(error: Exception) -> FailureKind | None:
    """What an error says of the server; None where it is about the command or the key alone, such as WRONGTYPE."""
    if isinstance(error, MasterNotFoundError) and "AuthenticationError" in _OF_A_SENTINEL.findall(
        str(error)[:_MOST_CHARS]
    ):
        return FailureKind.REFUSED
    for error_type, kind in _BY_TYPE:
        if isinstance(error, error_type):
            return kind
    if isinstance(error, exceptions.ResponseError):
        return _BY_FIRST_WORD.get(str(error)[:20].partition(" ")[0])
    if isinstance(error, TimeoutError):
        return FailureKind.TIMEOUT
    return FailureKind.CONNECTION if isinstance(error, OSError) else FailureKind.NONSENSE


def failure_words(error: Exception) -> str:
    """The server's or the system's words, or redis-py's; in one line, which may be long."""
    text = str(error)[:_MOST_CHARS]
    if isinstance(error, MasterNotFoundError):
        told = dict.fromkeys(_SENTINELS_WORDS.get(name, name) for name in _OF_A_SENTINEL.findall(text))
        text = f"{text.partition(' : ')[0]}: {', '.join(told)}" if told else text
    return " ".join(text.split())


def is_unsent(error: BaseException) -> bool:
    """True where there was no connection to send the command on, so that it has certainly not been done.

    That is said of the one command, or of all of a pipeline, that failed with this error.
    """
    found: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if found is None:
            return False
        if isinstance(found, (ConnectionRefusedError, FileNotFoundError, MasterNotFoundError)):
            return True
        found = found.__cause__ or found.__context__
    return False
