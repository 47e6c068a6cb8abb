# SPDX-License-Identifier: GPL-3.0-or-later
"""ARC chains: nothing raises, and no chain passes but those that were sealed."""

from __future__ import annotations

import re

from hypothesis import assume
from hypothesis import strategies as st

from postward.authn.arc import ArcSettings, validate_chain
from postward.authn.dkim import BodyDigests
from postward.dns.answer import Answer, Outcome
from postward.model.arc import ArcStatus
from postward.model.header import HeaderField, Headers
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, KEY_RECORDS, RESULT_VALUES, SIGNATURES, edited
from tests.fuzz.test_signatures import MESSAGE, covered, has_field_names_only
from tests.signatures import keys, reference
from tests.signatures.message import read_message
from tests.signatures.sealer import Hop, arc_fields, seal
from tests.signatures.signer import Recipe

NOW_S = 1.7e9
RECIPE = Recipe(key="ed25519", names=("from", "to", "subject", "subject", "date"))
HOPS = [Hop(instance=number, recipe=RECIPE, seal_key="ed25519") for number in range(1, 4)]
CHAINS = {length: seal(MESSAGE, *HOPS[:length]) for length in range(1, len(HOPS) + 1)}
_B = re.compile(rb"((?:^|;|:)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")
SET_FIELDS = {b"arc-authentication-results", b"arc-message-signature", b"arc-seal"}
VALUES = st.one_of(SIGNATURES, RESULT_VALUES)


def validated(raw: bytes, record: str | bytes = keys.record("ed25519")):
    headers, body = read_message(raw)
    octets = record.encode() if isinstance(record, str) else record
    answer = Answer(outcome=Outcome.OK, records=(octets,))
    return validate_chain(headers, BodyDigests(body), lambda *_: answer, ArcSettings(), NOW_S)


def sealed_text(raw: bytes) -> list[bytes]:
    """The fields that the newest seal covers, in relaxed form, in any order."""
    fields = []
    for text in arc_fields(raw):
        name, _, value = text.partition(b":")
        if name.lower().rstrip(b" \t") in SET_FIELDS:
            fields.append(reference.relaxed_field(name, value.removesuffix(b"\r\n")))
    return sorted(_without_newest_value(fields))


def _without_newest_value(fields: list[bytes]) -> list[bytes]:
    seals = [field for field in fields if field.startswith(b"arc-seal")]
    newest = max(seals, key=lambda field: int(re.search(rb"i\s*=\s*(\d+)", field)[1]))
    return [_B.sub(rb"\1", field) if field is newest else field for field in fields]


def newest_covered(raw: bytes) -> tuple[bytes, ...]:
    headers, _ = read_message(raw)
    signatures = headers.all(b"arc-message-signature")
    newest = max(signatures, key=lambda field: int(re.search(rb"i\s*=\s*(\d+)", field.value)[1]))
    return covered(raw, newest, RECIPE)


def test_what_was_sealed_passes():
    for length, raw in CHAINS.items():
        result = validated(raw)
        assert (result.status, len(result.sets)) == (ArcStatus.PASS, length), result


@fuzz(length=st.sampled_from(sorted(CHAINS)), edits=EDITS, share=2)
def test_no_change_to_what_is_sealed_passes(length, edits):
    raw = edited(CHAINS[length], edits)
    result = validated(raw)
    assume(has_field_names_only(read_message(raw)[0]))
    assert (result.status is ArcStatus.FAIL) == bool(result.reason)
    if result.status is ArcStatus.PASS:
        # Whoever takes whole sets away has the chain that was there before them.
        original = CHAINS[len(result.sets)]
        assert sealed_text(raw) == sealed_text(original)
        assert newest_covered(raw) == newest_covered(original)


@fuzz(
    fields=st.lists(
        st.tuples(st.sampled_from(["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"]), st.integers(0,
        4), VALUES),
        max_size=9,
    ),
    record=KEY_RECORDS,
)  # fmt: skip
def test_any_sets(fields, record):
    values = [(name, f" i={number}; {text}".encode("utf-8", "surrogatepass")) for name, number, text in fields]
    headers = Headers([HeaderField(name.encode(), value) for name, value in values])
    answer = Answer(outcome=Outcome.OK, records=(record,))
    digests = BodyDigests(read_message(MESSAGE)[1])
    result = validate_chain(headers, digests, lambda *_: answer, ArcSettings(), NOW_S)
    assert result.status is (ArcStatus.FAIL if fields else ArcStatus.NONE)
