# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.results import claims_authserv_id
from postward.authn.results.claims import MAX_HEAD_BYTES

OURS = "mx.example.com"


@pytest.mark.parametrize(
    "value",
    [
        b" mx.example.com; spf=pass",
        b"\r\n\tmx.example.com\r\n\t; spf=pass",
        b"MX.Example.COM; none",
        b"mx.example.com.; none",
        b"mx.example.com 1; none",
        b"mx.example.com/1; none",
        b"mx.example.com 99 ; none",
        b"mx.example.com(a comment); none",
        b"((a) (b\\)) c) mx.example.com; none",
        b"mx.example.com (unterminated; spf=pass",
        b'"mx.example.com"; none',
        b'"MX.example\\.com" 1; none',
        b'" mx.example.com "; none',
        b'"mx.example.com; dkim=pass',
        b"mx.example.com\x00; none",
        b"\x00mx.example.com; none",
        b"mx.example.com\x0b; none",
        b"mx.example.com spf=pass",
        b"mx.example.com, other; none",
        b"mx.example.com",
        "\uff4dx.example.com; none".encode(),
        "mx\u3002exam\u00adple.com; none".encode(),
        b"mx.example.com..; none",
        b"mx.example.com. 1; none",
        b"mx.example.com . ; none",
        b"mx .example. com; none",
        b"mx (a) . (b) example\r\n .com (c) 1; none",
        b"mx.example.com .evil.example; none",
        b"=?utf-8?q?mx=2Eexample.com?=; dkim=pass",
        b"=?UTF-8*en?B?bXguZXhhbXBsZS5jb20?= 1; dkim=pass",
        b"(x) =?us-ascii?q?mx.exa?=\r\n =?us-ascii?q?mple.com=3B_dkim=3Dpass?=",
        b"dkim=pass header.d=bank.example",
        b"; dkim=pass header.d=bank.example",
        b" ;; (x) SPF (y) / 1 = pass smtp.mailfrom=bank.example",
        b"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=bank.example; dkim=none",
        b"x-bank=pass",
    ],
)
def test_ours(value):
    assert claims_authserv_id(value, OURS)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b" ",
        b";",
        b"none",
        b"(mx.example.com",
        b"(mx.example.com) other.example; none",
        b"sub.mx.example.com; none",
        b"mx.example.com.evil.example; none",
        b"xmx.example.com; none",
        b"mx.example.co; none",
        b"i=1; mx.example.com; none",
        b'"mx.example.com" .evil.example; none',
        b'"mx.example.com evil"; none',
        b"mx.example.com\xa0; none",
        b"mx.example.com\xc2\xa0; none",
        b"other.example; mx.example.com",
        b"dkim; dkim=pass",
        b"dkim/1; dkim=pass",
        b"=?utf-8?q?other.example?=; none",
        b"=?no-such-charset?q?mx.example.com?=; none",
        b"=?utf-8?b?*?=; none",
        b"a" * 300 + b" .mx.example.com; none",
    ],
)
def test_not_ours(value):
    assert not claims_authserv_id(value, OURS)


def test_subdomains_only_by_option():
    assert claims_authserv_id(b"a.b.mx.example.com; none", OURS, subdomains=True)
    assert claims_authserv_id(b"mx.example.com; none", OURS, subdomains=True)
    assert not claims_authserv_id(b"amx.example.com; none", OURS, subdomains=True)


@pytest.mark.parametrize("ours", ["mx.b\xfccher.example", "mx.xn--bcher-kva.example", "MX.B\xdcCHER.example"])
@pytest.mark.parametrize("theirs", ["mx.b\xfccher.example", "mx.xn--bcher-kva.example", '"mx.B\xfccher.example"'])
def test_u_labels_match_a_labels(ours, theirs):
    assert claims_authserv_id(f"{theirs}; none".encode(), ours)


def test_an_id_that_is_no_domain_name():
    assert claims_authserv_id(b'"Mail Filter"; none', "mail filter")
    assert not claims_authserv_id(b"mail filter; none", "mail filter")


@pytest.mark.parametrize("padding", [b"(%s)", b" %s", b";%s", b"%s", b'"%s'])
@pytest.mark.parametrize("filler", [b"(", b"()", b" ", b"\r\n "])
def test_a_name_behind_endless_padding_is_taken_for_ours(padding, filler):
    value = padding % (filler * MAX_HEAD_BYTES)
    assert claims_authserv_id(value + b"mx.example.com; dkim=pass", OURS)


@pytest.mark.parametrize(
    "piece", [b"\\", b"a", b".", b". ", b" .a", b"=?", b"=?a?q?b?= ", b"?= ", b"(a)b ", b'"a" ', b"=?idna?q?xn--a?="]
)
def test_hostile_repetition_ends(piece):
    # Super-linear work on a megabyte would not end within the test run.
    assert not claims_authserv_id(piece * (1_000_000 // len(piece)), OURS)
