# SPDX-License-Identifier: GPL-3.0-or-later
"""Any body: no check of content raises, and what they find can be shown."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

from postward.checks.content.body.all_checks import BODY_CHECKS
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import OCTETS
from tests.unit.checks.content.letters import letter
from tests.unit.mime.making import zipped

TYPES = st.sampled_from([
    "text/plain", "text/html", "text/html; charset=utf-7", "text/plain; charset=us-ascii", "image/png", "image/svg+xml",
    "application/zip; name=a.pdf.exe", 'application/x; name="\u202e."', "message/rfc822", "multipart/mixed", "text/",
    "multipart/alternative; boundary=b", "text/html; name=x.html", "application/pdf; name*=utf-8''a%2ejs", "",
])  # fmt: skip
CONTENTS = st.one_of(
    OCTETS,
    st.sampled_from([
        b"<a href='http://user@%62ank.example:99999/x.exe#bob@example.com'>http://www.bank.test</a>",
        b"<a href='https://www.google.com/url?q=//'>x</a><a href='http://0x7f.1/'></a><a href='javascript:'>",
        b"<form action=x><input type=password><script></form><meta http-equiv=refresh content='0;url=x'>",
        b"<p style='display:none'>" + b"word " * 300,
        "p\u0430ss\u200bword: V.I.A.G.R.A. bitcoin 1BoatSLRHtKNngkdXEeobR76b53LETtpyT 888-555-0123".encode(),
        b"verify your mailbox storage limit within 24 gift cards next of kin million US$ 5,000,000",
        b"MZ" + bytes(80), b"PK\x03\x04", zipped(("a.js", b"x"), ("b.iso", b"\0")), b"Rar!\x1a\x07",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), b"<svg onload=x>", b"",
    ]),
)  # fmt: skip
ENCODINGS = st.sampled_from(["", "base64", "base64", "quoted-printable", "8bit", "x-uuencode", "base65"])


@st.composite
def parts(draw):
    content, encoding = draw(CONTENTS), draw(ENCODINGS)
    if encoding == "base64":
        content = base64.encodebytes(content)
    disposition = draw(st.sampled_from(["", "Content-Disposition: attachment\n", "Content-Disposition: inline\n"]))
    header = f"Content-Type: {draw(TYPES)}\nContent-Transfer-Encoding: {encoding}\n{disposition}\n"
    return header.encode() + content + b"\n"


@fuzz(pieces=st.lists(parts(), max_size=5), kind=st.sampled_from(["mixed", "alternative", "related", "digest"]))
def test_any_body(pieces, kind):
    body = b"".join(b"--b\n" + piece for piece in pieces)
    message = letter(f"From: a@b.example\nContent-Type: multipart/{kind}; boundary=b\n\n".encode() + body + b"--b--\n")
    declared = {symbol.name for check in BODY_CHECKS for symbol in check.symbols}
    found = [finding for check in BODY_CHECKS for finding in check.find(message)]
    assert len({finding.name for finding in found}) == len(found)
    for finding in found:
        assert finding.name in declared
        assert len(finding.detail) <= 300
