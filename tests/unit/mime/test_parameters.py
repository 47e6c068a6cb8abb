# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.parameters import ContentField


@pytest.mark.parametrize(
    ("raw", "parameters"),
    [
        (b' text/plain; charset="utf-8"', {"charset": "utf-8"}),
        (b' text/html; charset="utf-8" (comment; with a semicolon)', {"charset": "utf-8"}),
        (b" text/plain;charset=us-ascii;;format=flowed;", {"charset": "us-ascii", "format": "flowed"}),
        (b" text/plain; CHARSET = utf-8 (x)", {"charset": "utf-8"}),
        (b' a/b; name="a\\"b\\\\c;d"', {"name": 'a"b\\c;d'}),
        (b' a/b; name="never ends; x=y', {"name": "never ends; x=y"}),
        (b" a/b; name=my report(1).doc; x=1", {"name": "my report(1).doc", "x": "1"}),
        (b' a/b; name="=?utf-8?q?=C3=BC?=.doc"', {"name": "\xfc.doc"}),
        (b' a/b; name="=?utf-8?q?a?=\r\n =?utf-8?q?b?=.doc"', {"name": "ab.doc"}),
        (b" a/b; name*=utf-8'de'%C3%BC.doc; name=u.doc", {"name": "\xfc.doc"}),
        (b" a/b; name*=iso-8859-1''%FC.doc", {"name": "\xfc.doc"}),
        (b" a/b; name*=x-unknown''%C3%BC.doc", {"name": "\xfc.doc"}),
        (b" a/b; name*=%C3%BC.doc", {"name": "\xfc.doc"}),
        (b" a/b;\r\n name*1=.e;\r\n name*0=evil;\r\n name*2=xe", {"name": "evil.exe"}),
        (b" a/b; name*0*=utf-8''%C3; name*1*=%BC; name*2=%41.x", {"name": "\xfc%41.x"}),
        (b" a/b; name=\xfc.doc", {"name": "\xfc.doc"}),
        (b" a/b; name=\xc3\xbc.doc", {"name": "\xfc.doc"}),
        (b" a/b; name", {}),
        (b"", {}),
        (b" ;;;===", {}),
    ],
)
def test_parameters(raw, parameters):
    assert ContentField(raw).parameters == parameters


def test_variants_are_all_that_some_reader_takes():
    raw = b" attachment; filename==?utf-8?q?a=2Etxt?=; filename*=utf-8''b.exe; filename*0=c.; filename*1=scr"
    assert ContentField(raw).variants("filename") == ("b.exe", "c.scr", "a.txt", "=?utf-8?q?a=2Etxt?=")


@pytest.mark.parametrize(
    ("raw", "boundary"),
    [
        (b' m/x; boundary="a b "', b"a b"),
        (b" m/x; boundary=a=b?c", b"a=b?c"),
        (b" m/x; boundary*0=a; boundary*1=b", b"ab"),
        (b' m/x; boundary="=?utf-8?q?x?="', b"=?utf-8?q?x?="),
        (b" m/x; boundary=\xff\xfe", b"\xff\xfe"),
        (b" m/x", b""),
    ],
)
def test_a_boundary_is_octets(raw, boundary):
    assert ContentField(raw).boundary == boundary
