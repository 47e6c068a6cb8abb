# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the message: what we seal validates, and no octet of what is signed can be changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.signatures.message import read_message
from tests.signatures.sealer import Hop, seal
from tests.unit.signing.arc.sealed import RAW, RESULTS, judged, sealed

_SIGNED_NAMES = ["From", "to", "SUBJECT", "DKIM-Signature", "List-Id"]
_NAMES = [*_SIGNED_NAMES, "X-Other", "Received", "Authentication-Results"]
_TEXT = st.binary(max_size=40).map(lambda octets: octets.translate(None, b"\r\n"))
_FIELDS = st.lists(
    st.tuples(st.sampled_from(_NAMES), st.lists(_TEXT, min_size=1, max_size=3).map(b"\r\n\tx".join)), max_size=8
)
_BODIES = st.lists(st.sampled_from([b"\r\n", b" ", b"\t", b"text", b"\xff\x00", b"."]), max_size=20).map(b"".join)
_CHAINS = [RAW, seal(RAW, Hop(instance=1)), seal(RAW, Hop(instance=1), Hop(instance=2))]


def message(fields, body, chain):
    """Another message with the sets of a chain that holds, so that our set stands upon what was found to pass."""
    head = b"".join(name.encode() + b":" + value + b"\r\n" for name, value in fields)
    return chain.removesuffix(RAW) + head + b"\r\n" + body


@given(fields=_FIELDS, body=_BODIES, chain=st.sampled_from(_CHAINS), key=st.sampled_from(["rsa2048", "ed25519"]))
def test_what_is_sealed_validates(fields, body, chain, key):
    raw = sealed(message(fields, body, chain), key, came_as=chain)
    assert judged(raw).status == "pass", judged(raw).reason


@given(fields=_FIELDS, body=_BODIES, data=st.data())
def test_a_change_of_what_is_signed_breaks_it(fields, body, data):
    letter = message([("From", b" a@b.example"), *fields], b"begin " + body + b"end", RAW)
    top = sealed(letter, came_as=RAW).removesuffix(letter)
    lower = {name.lower() for name in _SIGNED_NAMES}
    head, _, content = letter.partition(b"\r\n\r\n")
    fields_there = [field.raw for field in read_message(letter)[0]]
    signed = [index for index, raw in enumerate(fields_there) if raw.partition(b":")[0].decode().lower() in lower]
    index = data.draw(st.sampled_from([*signed, -1]))
    if index < 0:
        changed = top + head + b"\r\n\r\n" + content.replace(b"begin", b"began", 1)
    else:
        fields_there[index] = fields_there[index].removesuffix(b"\r\n") + b"z\r\n"
        changed = top + b"".join(fields_there) + b"\r\n" + content
    assert judged(changed).status == "fail"


@pytest.mark.parametrize("chain", _CHAINS, ids=["first", "second", "third"])
def test_no_octet_of_a_set_can_be_changed(chain):
    raw = sealed(chain)
    size = len(raw) - len(RAW)
    for position in range(0, size, 7):
        octet = raw[position]
        if not chr(octet).isalnum():
            continue
        changed = raw[:position] + (b"x" if octet != ord("x") else b"y") + raw[position + 1 :]
        assert judged(changed).status == "fail", raw[position - 20 : position + 20]


@given(results=st.binary(max_size=200).map(lambda octets: octets.translate(None, b"\r\n")))
def test_any_results_are_carried_as_they_are(results):
    raw = sealed(RAW, results=RESULTS + b"; " + results + b"x")
    assert judged(raw).status == "pass"
    assert judged(raw).sets[0].authentication_results == b" " + RESULTS + b"; " + results + b"x"
