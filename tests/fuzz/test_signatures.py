# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures and their keys: nothing raises, and nothing that was not signed ever passes.

What is covered by a signature is worked out by ``tests.signatures``, which shares no code with what is tested.
"""

from __future__ import annotations

import re
from base64 import b64encode

from hypothesis import assume
from hypothesis import strategies as st

from postward.authn.dkim import BodyDigests, DkimSettings, key_query_name, verify_signatures
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key import read_key_record
from postward.dns.answer import Answer, Outcome
from postward.model.dkim import DkimStatus
from postward.model.header import HeaderField, Headers
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, KEY_RECORDS, LINE_OCTETS, OCTETS, SIGNATURES, edited
from tests.signatures import keys, reference
from tests.signatures.message import crlf, read_message
from tests.signatures.signer import Recipe, selected, sign_dkim

NOW_S = 1.7e9
MESSAGE = crlf("""\
Received: from a by b; Thu, 14 Jan 2021 15:00:01 -0800
From: Ann  Author <ann@example.org>
To: bob@example.net
Subject: One\t two
 three
Date: Thu, 14 Jan 2021 15:00:00 -0800
Subject: the other

Hello,

this is a  test  message.\x20
\t

""")
NAMES = ("from", "to", "subject", "subject", "subject", "date", "reply-to")
RECIPES = (
    Recipe(key="ed25519", names=NAMES),
    Recipe(key="rsa2048", names=NAMES, header="simple", body="simple"),
    Recipe(key="ed25519", names=("from",), header="simple"),
    Recipe(key="rsa2048", names=NAMES, body="simple", body_length=20),
)
SIGNED = tuple(sign_dkim(MESSAGE, None, recipe) for recipe in RECIPES)
_NAME = re.compile(rb"[!-9;-~]+[ \t]*")
_B = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


def keys_at_every_name(record: bytes):
    return lambda *_: Answer(outcome=Outcome.OK, records=(record,))


def verified(raw: bytes, record: bytes):
    headers, body = read_message(raw)
    return headers, verify_signatures(headers, BodyDigests(body), keys_at_every_name(record), DkimSettings(), NOW_S)


def has_field_names_only(headers: Headers) -> bool:
    """Tell whether these can be fields: for an MTA, and for ``postward scan``, any other name ends the header."""
    return all(_NAME.fullmatch(field.name) for field in headers)


def covered(raw: bytes, signature: HeaderField, recipe: Recipe) -> tuple[bytes, ...]:
    """The canonical fields, signature field and body that the recipe signs."""
    field = reference.FIELDS[recipe.header]
    body = reference.BODIES[recipe.body](bytes(read_message(raw)[1]))
    fields = [field(name, value) for name, value in selected(raw, recipe.names)]
    return (*fields, field(signature.name, _B.sub(rb"\1", signature.value)), body[: recipe.body_length])


def test_what_was_signed_passes():
    for signed, recipe in zip(SIGNED, RECIPES, strict=True):
        _, (result,) = verified(signed, keys.record(recipe.key).encode())
        assert result.status is DkimStatus.PASS, (recipe, result)


@fuzz(number=st.integers(0, len(RECIPES) - 1), edits=EDITS, share=3)
def test_no_change_to_what_is_signed_passes(number, edits):
    recipe, original = RECIPES[number], SIGNED[number]
    raw = edited(original, edits)
    headers, results = verified(raw, keys.record(recipe.key).encode())
    assume(has_field_names_only(headers))
    expected = covered(original, read_message(original)[0][0], recipe)
    for index, result in zip(headers.indexes(b"dkim-signature"), results, strict=False):
        if result.status is DkimStatus.PASS:
            assert covered(raw, headers[index], recipe) == expected
            assert (result.domain, result.selector) == ("example.org", "sel")


@fuzz(
    values=st.lists(st.one_of(SIGNATURES.map(lambda text: text.encode("utf-8", "surrogatepass")), OCTETS), max_size=12),
    author=LINE_OCTETS,
    record=KEY_RECORDS,
)
def test_any_signatures_with_any_key(values, author, record):
    headers = Headers([*(HeaderField(b"DKIM-Signature", value) for value in values), HeaderField(b"From", author)])
    digests = BodyDigests(read_message(MESSAGE)[1])
    results = verify_signatures(headers, digests, keys_at_every_name(record), DkimSettings(), NOW_S)
    assert len(results) == min(len(values), 11)
    assert all(result.status is not DkimStatus.PASS and result.reason for result in results)
    for value in values:
        key_query_name(value)


@fuzz(record=KEY_RECORDS)
def test_any_key_record(record):
    try:
        key = read_key_record(record)
    except SignatureError:
        return
    assert key.bits > 0
    assert key.key_type in {"rsa", "ed25519"}


@fuzz(signature=st.binary(min_size=1, max_size=300), number=st.integers(0, len(RECIPES) - 1))
def test_no_other_octets_are_a_signature(signature, number):
    recipe = RECIPES[number]
    raw = sign_dkim(MESSAGE, {"b": b64encode(signature).decode()}, recipe)
    _, (result,) = verified(raw, keys.record(recipe.key).encode())
    assert result.status is not DkimStatus.PASS
