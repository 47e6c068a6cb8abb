# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.arc.errors import ChainError
from postward.authn.arc.hop import collect_hops
from postward.model.header import HeaderField, Headers

MAX_BYTES = 1000


def fields(instance, **values):
    texts = {
        "ARC-Seal": values.get("seal", f"i={instance}; cv=None"),
        "ARC-Message-Signature": values.get("signature", f"a=x; i={instance}"),
        "ARC-Authentication-Results": values.get("results", f"i={instance}; mx; none"),
    }
    return [HeaderField(name.encode(), text.encode()) for name, text in texts.items()]


def test_none():
    assert collect_hops(Headers([HeaderField(b"From", b"a")]), MAX_BYTES) == ()


def test_from_the_oldest_to_the_newest_wherever_they_stand():
    hops = collect_hops(Headers([*fields(2), *fields(1), *fields(3)[::-1]]), MAX_BYTES)
    assert [hop.instance for hop in hops] == [1, 2, 3]
    assert [hop.seal_index for hop in hops] == [3, 0, 8]
    assert [hop.message_signature_index for hop in hops] == [4, 1, 7]
    assert [hop.results_index for hop in hops] == [5, 2, 6]
    assert hops[0].results == b" mx; none"
    assert hops[0].chain_status == b"none"
    assert hops[0].message_signature == {b"a": b"x", b"i": b"1"}


def test_a_seal_without_status():
    (hop,) = collect_hops(Headers(fields(1, seal="i=1")), MAX_BYTES)
    assert hop.chain_status == b""


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (fields(1)[1:], "no ARC-Seal with i=1"),
        (fields(1)[:1], "no ARC-Message-Signature with i=1"),
        (fields(1)[:2], "no ARC-Authentication-Results with i=1"),
        (fields(2), "no ARC-Seal with i=1"),
        ([*fields(1), *fields(3)], "no ARC-Seal with i=2"),
        ([*fields(1), *fields(1)], "two ARC-Seal fields with i=1"),
        ([*fields(1), fields(1)[2]], "two ARC-Authentication-Results fields with i=1"),
        (fields(1, seal="i=1; i=1"), "ARC-Seal: duplicate tag i="),
        (fields(1, signature="i=0"), "ARC-Message-Signature has no valid i="),
        (fields(1, results="none"), "ARC-Authentication-Results does not begin with i="),
        (fields(1, seal="i=1; x=" + "y" * MAX_BYTES), "ARC-Seal is too long"),
        ([field for instance in range(1, 52) for field in fields(instance)], "more than 50 ARC-Seal fields"),
        (fields(1)[2:] * 51, "more than 50 ARC-Authentication-Results fields"),
    ],
)
def test_not_whole(header, reason):
    with pytest.raises(ChainError) as caught:
        collect_hops(Headers(header), MAX_BYTES)
    assert caught.value.reason == reason
    assert not caught.value.temporary
