# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.redis_target import RedisKind, RedisTarget, RedisTls
from postward.model.redis_url import MAX_URL_LENGTH, parse_redis_url

WORD = "p"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("redis://h", RedisTarget(nodes=(("h", 6379),))),
        ("redis://h:1/", RedisTarget(nodes=(("h", 1),))),
        ("redis://127.0.0.1:6380/3", RedisTarget(nodes=(("127.0.0.1", 6380),), database=3)),
        ("redis://h?db=4", RedisTarget(nodes=(("h", 6379),), database=4)),
        ("redis://[2001:db8::1]:6380", RedisTarget(nodes=(("2001:db8::1", 6380),))),
        ("redis://:p@h", RedisTarget(nodes=(("h", 6379),), password=WORD)),
        ("redis://mail@h", RedisTarget(nodes=(("h", 6379),), user="mail")),
        ("redis://u:p%40%2F%3A%23@h", RedisTarget(nodes=(("h", 6379),), user="u", password=f"{WORD}@/:#")),
        ("rediss://h:1", RedisTarget(nodes=(("h", 1),), tls=RedisTls())),
        ("unix:///run/redis.sock", RedisTarget(socket_path="/run/redis.sock")),
        ("unix:///run/redis.sock?db=2", RedisTarget(socket_path="/run/redis.sock", database=2)),
        ("unix://u:p@/run/r.sock", RedisTarget(socket_path="/run/r.sock", user="u", password=WORD)),
        (
            "redis+sentinel://u:p@a,b:1,[::1]:2/mail/5",
            RedisTarget(
                kind=RedisKind.SENTINEL, nodes=(("a", 26379), ("b", 1), ("::1", 2)), service="mail", database=5,
                user="u", password=WORD,
            ),
        ),
        (
            "rediss+sentinel://a/mail",
            RedisTarget(kind=RedisKind.SENTINEL, nodes=(("a", 26379),), service="mail", tls=RedisTls()),
        ),
        ("redis+cluster://a,b:1", RedisTarget(kind=RedisKind.CLUSTER, nodes=(("a", 6379), ("b", 1)))),
        ("redis+cluster://a/0", RedisTarget(kind=RedisKind.CLUSTER, nodes=(("a", 6379),))),
        ("rediss+cluster://:p@a", RedisTarget(kind=RedisKind.CLUSTER, nodes=(("a", 6379),), password=WORD,
                                              tls=RedisTls())),
    ],
)  # fmt: skip
def test_what_a_url_means(text, target):
    assert parse_redis_url(text) == target


@pytest.mark.parametrize(
    "text",
    [
        "", "managed", "h:6379", "http://h", "redis:/h", "redis://", "redis:///0", "redis://h:0", "redis://h:65536",
        "redis://h:x", "redis://h/x", "redis://h/-1", "redis://h/1/2", "redis://h/99999999999999999999",
        "redis://h?timeout=1", "redis://h?db=1&db=2", "redis://h?db=", "redis://a,b", "redis://a b", "redis://h\n",
        "redis://h\x00", "redis://ü", "redis://u:p#q@h", "redis://[::1", "redis://*", "redis://,", "unix://", "unix:///",
        "unix://run/redis.sock", "redis+sentinel://a", "redis+sentinel://a/", "redis+sentinel:///mail",
        "redis+sentinel://a,,b/mail", "redis+cluster://a/1", "redis+cluster://a?db=1", "redis+cluster://", "REDIS://h",
        "redis://" + ",".join(["h"] * 65), "redis://h" + "a" * MAX_URL_LENGTH,
        "redis+cluster://" + ",".join(["h"] * 65), "redis://h/²",
    ],
)  # fmt: skip
def test_what_is_none(text):
    with pytest.raises(ValueError) as caught:
        parse_redis_url(text)
    assert str(caught.value)


@pytest.mark.parametrize(
    "text", ["redis://u:hidden@", "redis://u:hidden@h:x", "rediss://u:hidden@a,b", "x://u:hidden@h"]
)
def test_no_fault_quotes_the_password(text):
    with pytest.raises(ValueError) as caught:
        parse_redis_url(text)
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_no_target_shows_its_password():
    assert "hidden" not in repr(parse_redis_url("redis://u:hidden@h"))
