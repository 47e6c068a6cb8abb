# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dkim import signature_fields as fields
from postward.authn.dkim.errors import SignatureError
from postward.model.dkim import DkimStatus


def refused(read, *arguments):
    with pytest.raises(SignatureError) as caught:
        read(*arguments)
    return caught.value.status


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        (b"example.org", "example.org"),
        (b"Example.ORG", "example.org"),
        (b"com", "com"),
        (b"_a.example.org", "_a.example.org"),
        (b"b\xc3\xbccher.example", "xn--bcher-kva.example"),
        (b"B\xc3\x9cCHER.example", "xn--bcher-kva.example"),
        (b"xn--bcher-kva.example", "xn--bcher-kva.example"),
        (b"a" * 63 + b".example", "a" * 63 + ".example"),
    ],
)
def test_domains(value, domain):
    assert fields.read_domain({b"d": value}, "d") == domain


@pytest.mark.parametrize(
    "value",
    [b"", b".", b"a..b", b".a", b"example.org.", b"a" * 64 + b".example", b"a b", b"a@b", b"a/b", b"a,b", b"a\r\n b",
     b"\xff", b"\xc3\xbc" * 64 + b".example", b"a." * 127 + b"a", b"\xe2\x80\xae.example"],
)  # fmt: skip
def test_no_domain(value):
    assert refused(fields.read_domain, {b"d": value}, "d") is DkimStatus.NEUTRAL


def test_missing():
    assert refused(fields.read_domain, {}, "d") is DkimStatus.NEUTRAL


@pytest.mark.parametrize("value", [b"rsa-sha256", b"RSA-SHA256", b"ed25519-sha256"])
def test_algorithms(value):
    assert fields.read_algorithm({b"a": value}) == value.decode().lower()


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (b"rsa-sha1", DkimStatus.POLICY),
        (b"RSA-SHA1", DkimStatus.POLICY),
        (b"", DkimStatus.NEUTRAL),
        (b"rsa-sha512", DkimStatus.NEUTRAL),
        (b"rsa", DkimStatus.NEUTRAL),
        (b"\xff", DkimStatus.NEUTRAL),
    ],
)
def test_other_algorithms(value, status):
    assert refused(fields.read_algorithm, {b"a": value}) is status


@pytest.mark.parametrize(
    ("value", "canonicalizations"),
    [
        (None, ("simple", "simple")),
        (b"relaxed", ("relaxed", "simple")),
        (b"simple/relaxed", ("simple", "relaxed")),
        (b"Relaxed/RELAXED", ("relaxed", "relaxed")),
    ],
)
def test_canonicalizations(value, canonicalizations):
    tags = {} if value is None else {b"c": value}
    assert fields.read_canonicalizations(tags) == canonicalizations


@pytest.mark.parametrize(
    "value", [b"", b"nofws", b"relaxed/", b"/relaxed", b"relaxed/relaxed/simple", b"relaxed / simple"]
)
def test_no_canonicalization(value):
    assert refused(fields.read_canonicalizations, {b"c": value}) is DkimStatus.NEUTRAL


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (b"From:to", (b"from", b"to")),
        (b"from : to\r\n\t: subject", (b"from", b"to", b"subject")),
        (b"from::to:", (b"from", b"to")),
        (b"", ()),
    ],
)
def test_header_names(value, names):
    assert fields.read_header_names({b"h": value}, 10) == names


def test_too_many_header_names():
    assert fields.read_header_names({b"h": b"a:b"}, 2) == (b"a", b"b")
    assert refused(fields.read_header_names, {b"h": b"a:b:c"}, 2) is DkimStatus.NEUTRAL


@pytest.mark.parametrize(("value", "number"), [(None, None), (b"0", 0), (b"007", 7), (b"9" * 12, 10**12 - 1)])
def test_times(value, number):
    assert fields.read_time({} if value is None else {b"t": value}, "t") == number


@pytest.mark.parametrize("value", [b"", b"-1", b"+1", b"1.5", b"1 2", b"0x1", b"\xd9\xa1", b"9" * 13])
def test_no_time(value):
    assert refused(fields.read_time, {b"t": value}, "t") is DkimStatus.NEUTRAL


def test_lengths():
    assert fields.read_length({}) is None
    assert fields.read_length({b"l": b"9" * 76}) == 10**76 - 1
    assert refused(fields.read_length, {b"l": b"9" * 77}) is DkimStatus.NEUTRAL
    assert refused(fields.read_length, {b"l": b""}) is DkimStatus.NEUTRAL


@pytest.mark.parametrize("value", [b"dns/txt", b"DNS/TXT", b"foo:dns/txt", b"dns/txt : foo/bar"])
def test_query_methods(value):
    fields.check_query_methods({b"q": value})
    fields.check_query_methods({})


@pytest.mark.parametrize("value", [b"", b"dns", b"foo/bar", b"dns/txt/x"])
def test_no_query_method(value):
    assert refused(fields.check_query_methods, {b"q": value}) is DkimStatus.NEUTRAL


def test_body_hash():
    assert fields.read_body_hash({b"bh": b"A" * 43 + b"="}) == bytes(32)
    for value in (b"", b"AAAA", b"A" * 44, b"*"):
        assert refused(fields.read_body_hash, {b"bh": value}) is DkimStatus.NEUTRAL
