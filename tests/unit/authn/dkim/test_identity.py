# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.identity import decode_identity, identity_domain
from postward.model.dkim import DkimStatus


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        (b"@example.org", "@example.org"),
        (b"ann@example.org", "ann@example.org"),
        (b"a=3Bn=20n@example.org", "a;n n@example.org"),
        (b"ann=40example.org", "ann@example.org"),
        (b"=e4=3d", "\\xe4="),
        (b"gr\xc3\xbc=C3=9F@example.org", "gr\u00fc\u00df@example.org"),
        (b"prvs=zz12=ann@example.org", "prvs=zz12=ann@example.org"),
        (b"an\r\n n@exam ple.org", "ann@example.org"),
        (b"", ""),
    ],
)
def test_decoding(value, identity):
    assert decode_identity(value) == identity


@pytest.mark.parametrize(
    ("identity", "domain"),
    [
        ("@example.org", "example.org"),
        ("ann@EXAMPLE.org", "example.org"),
        ("ann@mail.example.org", "mail.example.org"),
        ('"a@b"@example.org', "example.org"),
        ("ann@b\u00fccher.example.org", "xn--bcher-kva.example.org"),
    ],
)
def test_within(identity, domain):
    assert identity_domain(identity, "example.org") == domain


@pytest.mark.parametrize(
    ("identity", "status"),
    [
        ("", DkimStatus.NEUTRAL),
        ("example.org", DkimStatus.NEUTRAL),
        ("ann@", DkimStatus.NEUTRAL),
        ("ann@a..b", DkimStatus.NEUTRAL),
        ("ann@example.org.", DkimStatus.NEUTRAL),
        ("ann@org", DkimStatus.PERMERROR),
        ("ann@badexample.org", DkimStatus.PERMERROR),
        ("ann@example.org.example.com", DkimStatus.PERMERROR),
    ],
)
def test_not_within(identity, status):
    with pytest.raises(SignatureError) as caught:
        identity_domain(identity, "example.org")
    assert caught.value.status is status
