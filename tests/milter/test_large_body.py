# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies too large for memory: the rest goes to a file without a name."""

from __future__ import annotations

from hashlib import sha256

from tests.milter.client import final, greet


def test_a_body_beyond_the_memory_bound_is_judged_whole(start):
    server = start(workers=1, limits={"body_memory_bytes": 100_000})
    body = bytes(range(256)) * 6_000
    client = greet(server.address)
    for content in (body, b"short", body[:100_001]):
        assert client.message(body=content)[0] == (b"i", b"\0\0\0\0X-Judged\0 yes\0")
        told = server.told_of(client)
        assert (told["body_size"], told["body_sha256"]) == (len(content), sha256(content).hexdigest())


def test_a_body_that_cannot_be_stored_gets_the_failure_action(start):
    server = start(workers=1, limits={"body_memory_bytes": 1_000, "spool_dir": "/nonexistent"})
    client = greet(server.address)
    answers = client.message(body=b"x" * 200_000)
    assert answers[0] == (b"i", b"\0\0\0\0X-Not-Judged\0 the body could not be stored\0")
    assert "No such file" in server.wait_for("event=spool.failed")[0]
    assert final(client.message(body=b"short")) == b"c"
