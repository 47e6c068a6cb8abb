# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command tells where Redis does not answer it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.store.redis_failure import FailureKind
from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {
    FailureKind.TIMEOUT: "Redis did not answer in time",
    FailureKind.CONNECTION: "Redis cannot be reached",
    FailureKind.REFUSED: "Redis refuses us",
    FailureKind.LOADING: "Redis reads its data and is not ready yet",
    FailureKind.READ_ONLY: "Redis takes nothing for now",
    FailureKind.FULL: "Redis has no memory left",
    FailureKind.CLUSTER: "the cluster of Redis does not work as a whole",
    FailureKind.NONSENSE: "what answers is no Redis",
}
_OTHERWISE = "Redis does not do what it was asked"
_NAME_OF_ERROR = re.compile(r"^\w+: ")
"""Says nothing to people."""


@contextmanager
def told_of_redis() -> Iterator[None]:
    """Have a failure of Redis within the block name it, and say what is wrong in words for whoever gave the command."""
    try:
        yield
    except RedisSilent as error:
        words = _WORDS.get(error.kind, _OTHERWISE) if error.kind is not None else _OTHERWISE
        detail = "" if error.kind is FailureKind.TIMEOUT else _NAME_OF_ERROR.sub("", str(error)).rstrip(". ")
        raise TemporaryFailure(f"{words}: {detail}" if detail else words) from error
