# SPDX-License-Identifier: GPL-3.0-or-later
"""A few octets, thousands of times: whoever reads them takes a time that grows with their number and no faster."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from ipaddress import ip_address

from hypothesis import strategies as st

from postward.authn.arc.errors import ChainError
from postward.authn.arc.instance import split_results
from postward.authn.dkim import BodyDigests, DkimSettings, key_query_name, verify_signatures
from postward.authn.dkim.canonical_header import relax_value
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key import read_key_record
from postward.authn.dmarc import author_domains
from postward.authn.dmarc.record import has_version, parse_record
from postward.authn.results import claims_authserv_id, parse_results
from postward.authn.results.clean import clean_text
from postward.authn.results.encoded_words import decode_encoded_words
from postward.authn.spf import SpfSettings, check_sender
from postward.authn.spf.record import read_record
from postward.checks.received import recorded_client
from postward.config.document.compose import compose
from postward.dns.answer import Answer, Outcome
from postward.dns.names import to_ascii
from postward.errors import ConfigErrors, PermanentFailure
from postward.mime.stored_message import take_message
from postward.model.body import Body
from postward.model.header import HeaderField, Headers
from postward.model.transaction import Transaction
from postward.observability.privacy import AddressPrivacy, show_text
from postward.observability.wire import decode_report
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import (
    AUTHORS,
    KEY_RECORDS,
    OCTETS,
    OURS,
    POLICY_RECORDS,
    RECEIVED,
    RESULT_VALUES,
    SIGNATURES,
    SPF_RECORDS,
)
from tests.fuzz.test_senders import MAX_LOOKUPS

ALLOWED_S = 10.0
"""Of the processor: a hundred times what any of them takes, and far less than the square of the length would."""
SIZE_BYTES = 300_000
RECORD_BYTES = 60_000
"""What a DNS answer can hold."""


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")


def _body(octets: bytes, canonicalization: str) -> None:
    BodyDigests(Body(octets)).digest(canonicalization)


def _signature(octets: bytes) -> None:
    # The longest value that is read.
    headers = Headers([HeaderField(b"DKIM-Signature", octets[:65_000]), HeaderField(b"From", octets)])
    answer = Answer(outcome=Outcome.NXDOMAIN)
    verify_signatures(headers, BodyDigests(Body()), lambda *_: answer, DkimSettings(), 1.7e9)


def _message(octets: bytes) -> None:
    take_message(Transaction("1", started_s=0.0), octets)


def _configuration(octets: bytes) -> None:
    compose("x", _text(octets[:100_000]))


def _policy(octets: bytes) -> None:
    if has_version(octets[:RECORD_BYTES]):
        parse_record(octets[:RECORD_BYTES])


def _sender(octets: bytes) -> None:
    asked = []
    record = Answer(outcome=Outcome.OK, records=(b"v=spf1 " + octets[:RECORD_BYTES],))

    def lookup(*question: object) -> Answer:
        asked.append(question)
        return record

    check_sender(
        client=ip_address("192.0.2.1"), mail_from=f"{_text(octets)}@evil.example",
        helo="h.example", lookup=lookup, settings=SpfSettings(),
    )  # fmt: skip
    assert len(asked) <= MAX_LOOKUPS


READERS = {
    "From": lambda octets: author_domains((octets[:32_768],)),
    "Authentication-Results": lambda octets: claims_authserv_id(octets, OURS),
    "results": lambda octets: parse_results(octets[:65_536]),
    "encoded words": lambda octets: decode_encoded_words(_text(octets)),
    "comment": lambda octets: clean_text(_text(octets)),
    "instance": split_results,
    "signature": _signature,
    "key name": key_query_name,
    "key record": lambda octets: read_key_record(octets[:RECORD_BYTES]),
    "field": relax_value,
    "simple body": partial(_body, canonicalization="simple"),
    "relaxed body": partial(_body, canonicalization="relaxed"),
    "policy": _policy,
    "SPF record": lambda octets: read_record("v=spf1 " + octets[:RECORD_BYTES].decode("latin-1")),
    "sender": _sender,
    "Received": recorded_client,
    "name": lambda octets: to_ascii(_text(octets)),
    "log text": lambda octets: show_text(_text(octets), AddressPrivacy.NONE),
    "report": decode_report,
    "message": _message,
    "configuration": _configuration,
}
REFUSALS = (ChainError, ConfigErrors, PermanentFailure, SignatureError)


WORDS = st.one_of(AUTHORS, RECEIVED, RESULT_VALUES, SIGNATURES).map(lambda text: text.encode("utf-8", "surrogatepass"))
RECORDS = st.one_of(KEY_RECORDS, POLICY_RECORDS, SPF_RECORDS.map(lambda record: record.removeprefix(b"v=spf1 ")))
PIECES = st.one_of(OCTETS, OCTETS, WORDS, RECORDS).filter(bool)
HEADS = st.one_of(
    OCTETS,
    st.sampled_from(
        [b"v=DKIM1; p=", b"v=DMARC1; p=reject;", b"v=1; d=a.example; s=s;", b" from a (", b" i=1; ", b"a:", b"- ", b'"']
    ),
)


@fuzz(head=HEADS, piece=PIECES, tail=OCTETS, reader=st.sampled_from(sorted(READERS)), share=4)
def test_the_same_thing_over_and_over(head, piece, tail, reader):
    octets = head + piece * (SIZE_BYTES // len(piece)) + tail
    started_s = time.process_time()
    with suppress(*REFUSALS):
        READERS[reader](octets)
    assert time.process_time() - started_s < ALLOWED_S
