# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postward.authn.dkim.canonical_body import RelaxedBody, SimpleBody
from tests.signatures import reference

BODIES = st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"\r", b"\n", b"a", b"\x0b", b"\x00\xff", b"  b "])).map(
    b"".join
)


def canonical(kind, chunks):
    body = kind()
    return b"".join([*map(body.update, chunks), body.finish()])


@pytest.mark.parametrize(
    ("body", "simple", "relaxed"),
    [
        (b"", b"\r\n", b""),
        (b"\r\n", b"\r\n", b""),
        (b"\r\n\r\n", b"\r\n", b""),
        (b"  \r\n\t\r\n", b"  \r\n\t\r\n", b""),
        (b"   ", b"   \r\n", b""),
        (b" C \r\nD \t E\r\n\r\n\r\n", b" C \r\nD \t E\r\n", b" C\r\nD E\r\n"),
        (b"a", b"a\r\n", b"a\r\n"),
        (b"a \t", b"a \t\r\n", b"a\r\n"),
        (b"a\r\n \t", b"a\r\n \t\r\n", b"a\r\n"),
        (b"a\r", b"a\r\r\n", b"a\r\r\n"),
        (b"a \r", b"a \r\r\n", b"a \r\r\n"),
        (b"a\n\r\n", b"a\n\r\n", b"a\n\r\n"),
        (b"a\r\n\n\r\n\r\n", b"a\r\n\n\r\n", b"a\r\n\n\r\n"),
        (b"a\r\r\n\r\n", b"a\r\r\n", b"a\r\r\n"),
        (b"\n\r", b"\n\r\r\n", b"\n\r\r\n"),
        (b"a \x0b b\x0c\r\n", b"a \x0b b\x0c\r\n", b"a \x0b b\x0c\r\n"),
        (b"\r\n\r\na\r\n", b"\r\n\r\na\r\n", b"\r\n\r\na\r\n"),
    ],
)
def test_forms(body, simple, relaxed):
    assert canonical(SimpleBody, [body]) == simple
    assert canonical(RelaxedBody, [body]) == relaxed
    octets = [body[index : index + 1] for index in range(len(body))]
    assert canonical(SimpleBody, octets) == simple
    assert canonical(RelaxedBody, octets) == relaxed


@given(BODIES, st.lists(st.integers(0, 100)))
@example(b"a \r\n", [2])
@example(b"a\r\n", [2])
def test_like_the_reference_however_it_is_cut(body, cuts):
    borders = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    chunks = [body[start:end] for start, end in itertools.pairwise(borders)]
    assert canonical(SimpleBody, chunks) == reference.simple_body(body)
    assert canonical(RelaxedBody, chunks) == reference.relaxed_body(body)


def test_unchanged_pieces_are_not_copied():
    chunk = b"one line\r\nand half of the next"
    assert SimpleBody().update(chunk) is chunk
    assert RelaxedBody().update(chunk) is chunk


@pytest.mark.parametrize("line", [b" " * 80_000 + b"x\r\n", b"\r\n", b" \r\n", b"\t", b"\r", b"\n\r\n", b"a  "])
@pytest.mark.parametrize("kind", [SimpleBody, RelaxedBody])
def test_hostile_bodies_take_linear_time(line, kind):
    body = line * (8_000_000 // len(line))
    chunks = [body[start : start + 65_535] for start in range(0, len(body), 65_535)]
    started_s = time.monotonic()
    canonical(kind, [body])
    canonical(kind, chunks)
    assert time.monotonic() - started_s < 10
