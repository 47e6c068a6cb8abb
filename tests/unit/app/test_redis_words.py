# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.redis_words import told_of_redis
from postward.errors import TemporaryFailure
from postward.store.redis_failure import FailureKind
from postward.store.timed_calls import RedisSilent


@pytest.mark.parametrize(
    ("words", "kind", "told"),
    [
        ("did not answer in time", FailureKind.TIMEOUT, "Redis did not answer in time"),
        (
            "ConnectionError: Error 111 connecting to h:1. Connection refused.",
            FailureKind.CONNECTION,
            "Redis cannot be reached: Error 111 connecting to h:1. Connection refused",
        ),
        (
            "NoPermissionError: this user has no permissions to run the 'scan' command",
            FailureKind.REFUSED,
            "Redis refuses us: this user has no permissions to run the 'scan' command",
        ),
        ("ResponseError: DB index is out of range", None,
         "Redis does not do what it was asked: DB index is out of range"),
    ],
)  # fmt: skip
def test_redis_is_named_and_its_words_are_told(words, kind, told):
    with pytest.raises(TemporaryFailure) as caught, told_of_redis():
        raise RedisSilent(words, kind)
    assert str(caught.value) == told


@pytest.mark.parametrize("kind", FailureKind)
def test_each_kind_has_words(kind):
    with pytest.raises(TemporaryFailure, match="Redis"), told_of_redis():
        raise RedisSilent("x", kind)
