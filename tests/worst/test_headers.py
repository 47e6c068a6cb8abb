# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers that are too long, too many or full of nothing: the worker lives, and the message gets what it deserves."""

from __future__ import annotations

import pytest

from tests.milter.filter import running_filter
from tests.signatures.message import crlf
from tests.signatures.signer import Recipe, sign_dkim
from tests.worst.ordeal import deliver, split

MEGABYTE = 1_000_000
FORGED = (b"Authentication-Results", b" mx.example.net; dmarc=pass header.from=bank.example")
MESSAGE = crlf("From: ann@example.org\nTo: b@example.net\nSubject: x\n\nHello\n")
AUTHOR = (b"From", b" Example Bank <service@bank.example>")


def signed(*fields: bytes, canonicalization: str = "relaxed") -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Fields and body of a letter that has these fields first, all of them signed."""
    content = b"".join(field + b"\r\n" for field in fields) + MESSAGE
    names = tuple(field.partition(b":")[0].decode() for field in fields)
    return split(sign_dkim(content, None, Recipe(header=canonicalization, names=("from", "subject", *names))))


@pytest.mark.parametrize("canonicalization", ["relaxed", "simple"])
def test_a_million_spaces_in_a_field(milter, canonicalization):
    wide = b"X-Wide: a" + b" \t" * (MEGABYTE // 2) + b"b"
    assert "dkim=pass" in deliver(milter, *signed(wide, canonicalization=canonicalization)).check().results


def test_a_field_of_a_megabyte_of_text(milter):
    assert "dkim=pass" in deliver(milter, *signed(b"X-Long: " + b"x" * MEGABYTE)).check().results


def test_a_field_folded_a_quarter_of_a_million_times(milter):
    assert "dkim=pass" in deliver(milter, *signed(b"X-Folded: " + b"\r\n\t." * 250_000)).check().results


def test_more_bytes_than_are_read(milter):
    outcome = deliver(
        milter, [AUTHOR, (b"X-Long", b" " + b"x" * MEGABYTE), (b"X-Long", b" " + b"x" * MEGABYTE), FORGED]
    )
    assert outcome.check().removed(b"authentication-results") == [1]
    assert "the header is too large" in outcome.results


def test_ten_thousand_fields_by_default(milter):
    fields = [AUTHOR, *[(b"X-Padding", b" 1")] * 4_998, FORGED, *[(b"X-Padding", b" 1")] * 5_000, FORGED]
    outcome = deliver(milter, fields).check()
    assert outcome.removed(b"Authentication-Results") == [1]
    assert outcome.removed(b"authentication-results") == [2]
    assert "the header is too large" in outcome.results


@pytest.fixture(scope="module")
def generous(world):
    """One worker that reads as many fields as can be configured."""
    bounds = {"max_header_fields": 100_000, "max_header_bytes": 16_000_000}
    with running_filter(world, workers=1, message=bounds) as running:
        yield running


@pytest.mark.parametrize("name", [b"X-Padding", b"Received", b"Resent-From"])
def test_ten_thousand_fields_of_a_name_where_they_are_allowed(generous, name):
    fields, body = signed()
    assert "dkim=pass" in deliver(generous, [*fields, *[(name, b" x")] * 10_000], body).check().results


def test_forty_thousand_fields_of_other_names(generous):
    fields, body = signed()
    names = [(b"X-%d" % number, b" 1") for number in range(40_000)]
    assert "dkim=pass" in deliver(generous, [*fields, *names], body).check().results


def test_ten_thousand_authors(generous):
    assert "dmarc=pass" not in deliver(generous, [AUTHOR] * 10_000).check().results


def test_thousands_of_forged_fields_are_removed_and_ten_thousand_are_refused(generous):
    outcome = deliver(generous, [AUTHOR, *[FORGED] * 6_000]).check()
    assert outcome.removed(FORGED[0]) == list(range(6_000, 0, -1))
    refused = deliver(generous, [AUTHOR, *[FORGED] * 10_000])
    assert refused.answers == [(b"y", b"552 5.3.4 Message header has too many fields that only we may write\0")]


def test_a_from_field_with_a_hundred_thousand_addresses(milter):
    authors = b",".join(b" a@d%d.example" % number for number in range(60_000))
    outcome = deliver(milter, [(b"From", authors[:MEGABYTE])]).check()
    assert "dmarc=none" in outcome.results or "dmarc=permerror" in outcome.results


NONSENSE = {
    "quotes": b'"' * MEGABYTE,
    "comments": b"(" * MEGABYTE,
    "brackets": b"<" * MEGABYTE,
    "at signs": b"@" * MEGABYTE,
    "labels": b"a@" + b"b." * 400_000,
}


@pytest.mark.parametrize("author", NONSENSE.values(), ids=NONSENSE)
def test_a_from_field_of_a_megabyte_of_nonsense(milter, author):
    assert "dmarc=pass" not in deliver(milter, [(b"From", b" " + author)]).check().results


RESULTS = {
    "comments": b"(" * MEGABYTE,
    "quoted": b'"' + b"\\a" * 499_000,
    "spaced": b" mx . " * 160_000,
    "semicolons": b";" * MEGABYTE,
    "encoded": b"=?utf-8?q?m?=" * 76_000,
}


@pytest.mark.parametrize("value", RESULTS.values(), ids=RESULTS)
def test_a_results_field_of_a_megabyte(milter, value):
    fields = [AUTHOR, (b"Authentication-Results", b" " + value[: MEGABYTE - 8])]
    assert deliver(milter, fields).check().removed(b"Authentication-Results") in ([1], [])
    hidden = (b"Authentication-Results", b" (" + b"x" * MEGABYTE + b") mx.example.net; dmarc=pass")
    assert deliver(milter, [AUTHOR, hidden]).check().removed(b"Authentication-Results") == [1]


def test_thousands_of_results_fields_each_as_long_as_is_looked_at(milter):
    fields = [(b"Authentication-Results", b" " + b"(a" * 100 + b") other.example; spf=pass")] * 4_500
    assert deliver(milter, [AUTHOR, *fields]).check()


def test_a_message_id_of_a_megabyte(milter):
    outcome = deliver(milter, [AUTHOR, (b"Message-ID", b" <" + b"\xffx\n " * (MEGABYTE // 4) + b">")]).check()
    assert " msgid=" in outcome.line


def test_received_fields_without_end_from_a_trusted_relay(world):
    hop = b" from a (b [198.51.100.%d])\n by c; Thu, 14 Jan 2021 15:00:01 -0800"
    with running_filter(world, workers=1, origin={"trusted_relays": ["198.51.100.0/24"]}) as milter:
        for received in (
            [hop % (n % 250) for n in range(4_900)],
            [b" from " + b"(" * MEGABYTE],
            [b" from x (helo=" + b"helo=" * 190_000],
        ):
            outcome = deliver(
                milter, [*((b"Received", value) for value in received), AUTHOR], client=b"198.51.100.7"
            ).check()
            assert "direction=inbound" in outcome.line
            assert "spf=" not in outcome.results
