# SPDX-License-Identifier: GPL-3.0-or-later
"""SPF: any record, DNS and identity gives one of the seven results, within the bounds of RFC 7208 section 4.6.4."""

from __future__ import annotations

from hypothesis import strategies as st

from postward.authn.spf import SpfSettings, check_helo, check_sender, prefetch_spf, received_spf
from postward.authn.spf.record import read_record
from postward.dns.answer import Answer, Outcome, RecordType
from postward.errors import PermanentFailure
from postward.model.spf import SpfStatus
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import LINE, NAMES, OURS, SPF_RECORDS, TEXT
from tests.fuzz.hostile_dns import HostileDns
from tests.fuzz.invariants import MAX_LINE_OCTETS

SETTINGS = SpfSettings()
MAX_LOOKUPS = 1 + 10 * (1 + 10) + 11
"""The record, ten terms with ten hosts each, and the client's names."""


@fuzz(record=SPF_RECORDS, client=st.ip_addresses(), local_part=TEXT, helo=NAMES, data=st.data(), share=2)
def test_any_record_in_any_world(record, client, local_part, helo, data):
    asked = []
    others = HostileDns(data).lookup()

    def lookup(name, record_type):
        asked.append(name)
        if (name, record_type) == ("evil.example", RecordType.TXT):
            return Answer(outcome=Outcome.OK, records=(record,))
        return others(name, record_type)

    result = check_sender(
        client=client, mail_from=f"{local_part}@evil.example", helo=helo, lookup=lookup, settings=SETTINGS
    )
    assert result.status in SpfStatus
    assert "cannot be evaluated" not in result.problem
    assert len(asked) <= MAX_LOOKUPS
    value = received_spf(result, client, helo, OURS)
    assert all(len(line) + len("Received-SPF: ") < MAX_LINE_OCTETS for line in value.split(b"\r\n"))
    assert value.replace(b"\r\n\t", b"").decode("ascii").isprintable()


@fuzz(record=SPF_RECORDS, client=st.ip_addresses(), data=st.data())
def test_looking_ahead_ends(record, client, data):
    asked = []
    others = HostileDns(data).lookup()

    def prefetch(name, record_type, then=None):
        asked.append(name)
        if then is not None:
            first = (name, record_type) == ("evil.example", RecordType.TXT)
            then(Answer(outcome=Outcome.OK, records=(record,)) if first else others(name, record_type))

    prefetch_spf("evil.example", client, prefetch)
    assert 0 < len(asked) <= 20


@fuzz(identity=LINE, helo=LINE, client=st.ip_addresses(), data=st.data(), share=0.5)
def test_any_identity(identity, helo, client, data):
    lookup = HostileDns(data).lookup()
    for result in (
        check_sender(client=client, mail_from=identity, helo=helo, lookup=lookup, settings=SETTINGS),
        check_helo(client=client, helo=helo, lookup=lookup, settings=SETTINGS),
    ):
        assert len(result.domain) <= 320
        assert len(result.identity) <= 320
        received_spf(result, client, helo, OURS).decode("ascii")


@fuzz(record=SPF_RECORDS)
def test_any_record_is_read_or_refused(record):
    try:
        text = record.decode("ascii")
        read = read_record(text)
    except (UnicodeDecodeError, PermanentFailure):
        return
    assert len(read.directives) <= len(text)
