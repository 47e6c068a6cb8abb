# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.signature import check_times, read_dkim_signature
from postward.model.dkim import DkimStatus

SETTINGS = DkimSettings(expiry_grace_s=300, max_future_s=3600)
NOW_S = 1_700_000_000.0
TAGS = {
    b"v": b"1",
    b"a": b"rsa-sha256",
    b"d": b"Example.org",
    b"s": b"Sel",
    b"h": b"From : to",
    b"bh": b"A" * 43 + b"=",
    b"b": b"AAAA",
}


def read(**tags: str | None):
    changed = {name.encode(): value.encode() for name, value in tags.items() if value is not None}
    kept = {name: value for name, value in TAGS.items() if name.decode() not in tags}
    return read_dkim_signature(kept | changed, SETTINGS)


def status(**tags: str | None):
    with pytest.raises(SignatureError) as caught:
        read(**tags)
    return caught.value.status


def test_defaults():
    signature = read()
    assert (signature.domain, signature.selector) == ("example.org", "sel")
    assert signature.header_names == (b"from", b"to")
    assert (signature.header_canonicalization, signature.body_canonicalization) == ("simple", "simple")
    assert (signature.body_length, signature.signed_s, signature.expires_s) == (None, None, None)
    assert signature.strict_identity


@pytest.mark.parametrize("name", ["v", "a", "d", "s", "h", "bh", "b"])
def test_required(name):
    assert status(**{name: None}) is DkimStatus.NEUTRAL


@pytest.mark.parametrize("version", ["", "2", "1.0", "01"])
def test_version(version):
    assert status(v=version) is DkimStatus.NEUTRAL


@pytest.mark.parametrize("names", ["", "to:subject", "x-from", "fromm"])
def test_from_must_be_signed(names):
    assert status(h=names) is DkimStatus.PERMERROR


@pytest.mark.parametrize(
    ("identity", "strict"),
    [
        ("@example.org", True),
        ("ann=40Example.ORG", True),
        ("@mail.example.org", False),
        ("a@b.mail.example.org", False),
    ],
)
def test_identity(identity, strict):
    assert read(i=identity).strict_identity is strict


def test_wrong_identity():
    assert status(i="@example.com") is DkimStatus.PERMERROR
    assert status(i="") is DkimStatus.NEUTRAL


@pytest.mark.parametrize(
    ("signed", "expires"),
    [
        (None, None),
        (None, "1700000001"),
        (None, "1699999701"),
        ("1", "1700000001"),
        ("1700003599", None),
        ("1700003598", "1700003599"),
    ],
)
def test_times(signed, expires):
    check_times(read(t=signed, x=expires), SETTINGS, NOW_S)


@pytest.mark.parametrize(
    ("signed", "expires", "reason"),
    [
        ("1600000000", "1600000001", "expired"),
        (None, "1699999699", "expired"),
        ("1699999000", "1699999000", "not after"),
        ("1699999001", "1699999000", "not after"),
        ("1700003601", None, "future"),
        ("999999999999", None, "future"),
    ],
)
def test_wrong_times(signed, expires, reason):
    with pytest.raises(SignatureError, match=reason) as caught:
        check_times(read(t=signed, x=expires), SETTINGS, NOW_S)
    assert caught.value.status is DkimStatus.NEUTRAL
