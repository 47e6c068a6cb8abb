# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tracemalloc
from hashlib import sha256

import pytest

from postward.authn.dkim.body_digests import BodyDigests
from postward.model.body import Body


def body(*chunks):
    made = Body()
    for chunk in chunks:
        made.append(chunk)
    return made


def test_whole():
    digests = BodyDigests(body(b"a  b\r", b"\n\r\n"))
    assert digests.digest("simple").digest == sha256(b"a  b\r\n").digest()
    assert digests.digest("simple").size_bytes == 6
    assert digests.digest("relaxed").digest == sha256(b"a b\r\n").digest()
    assert digests.digest("relaxed").size_bytes == 5


def test_without_body():
    # RFC 6376 sections 3.4.3 and 3.4.4 give these two.
    empty = BodyDigests(Body())
    assert empty.digest("simple").digest == sha256(b"\r\n").digest()
    assert empty.digest("relaxed").digest == sha256(b"").digest()


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 8, 9, 10, 10**76])
def test_beginning(length):
    canonical = b"abc\r\nd e\r\n"
    digest = BodyDigests(body(b"ab", b"c\r", b"\nd  ", b" e\r\n", b"\r\n")).digest("relaxed", length)
    assert digest.digest == sha256(canonical[:length]).digest()
    assert digest.size_bytes == len(canonical)


class Counted(Body):
    """Counts how often it is read."""

    __slots__ = ("readings",)

    def __init__(self) -> None:
        super().__init__()
        self.readings = 0

    def chunks(self):
        self.readings += 1
        return super().chunks()


def test_each_is_computed_once():
    counted = Counted()
    counted.append(b"abc\r\n")
    digests = BodyDigests(counted)
    assert digests.digest("relaxed") is digests.digest("relaxed")
    assert counted.readings == 1
    for length in range(20):
        digests.digest("relaxed", length)
    assert counted.readings == 2


LINE = b"of a large body  \r\n"
LARGE = [LINE * 3_000] * 50


@pytest.mark.parametrize("length", [0, 1, 60_000, 2_100_000, 2_550_000, 10**9])
def test_the_beginning_of_a_large_body(length):
    canonical = LINE.replace(b"  ", b"") * 150_000
    digests = BodyDigests(body(*LARGE))
    for _ in range(2):
        digest = digests.digest("relaxed", length)
        assert digest.digest == sha256(canonical[:length]).digest()
        assert digest.size_bytes == len(canonical)
    assert digests.digest("relaxed", 7).digest == sha256(canonical[:7]).digest()


def test_a_large_body_is_read_again_and_not_kept():
    counted = Counted()
    for chunk in LARGE:
        counted.append(chunk)
    digests = BodyDigests(counted)
    tracemalloc.start()
    for length in range(4):
        digests.digest("relaxed", length)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counted.readings == 4
    assert peak_bytes < counted.size_bytes / 2
