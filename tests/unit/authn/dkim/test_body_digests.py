from __future__ import annotations

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


def test_each_is_computed_once():
    class Counted(Body):
        __slots__ = ("readings",)

        def __init__(self) -> None:
            super().__init__(b"abc\r\n")
            self.readings = 0

        def chunks(self):
            self.readings += 1
            return super().chunks()

    counted = Counted()
    digests = BodyDigests(counted)
    assert digests.digest("relaxed") is digests.digest("relaxed")
    assert counted.readings == 1
    for length in range(20):
        digests.digest("relaxed", length)
    assert counted.readings == 2
