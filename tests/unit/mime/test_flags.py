# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest

from postward.mime.flags import FLAGS, HEADER_FLAGS, flags_of, header_flags
from tests.unit.mime.making import message, zipped

SIGNED_DATA = base64.encodebytes(bytes.fromhex("308006092a864886f70d010702a080308002")).decode()
ENVELOPED = base64.encodebytes(bytes.fromhex("308006092a864886f70d010703a080308002")).decode()
P7M = "Content-Transfer-Encoding: base64\nContent-Type: application/pkcs7-mime"


@pytest.mark.parametrize(
    ("header", "flags"),
    [
        ("Subject: x", set()),
        ("Auto-Submitted: no", set()),
        ("Auto-Submitted: Auto-Generated; x=y", {"auto_generated"}),
        ("Auto-Submitted: auto-replied", {"auto_generated", "auto_reply"}),
        ("X-Autoreply: yes", {"auto_generated", "auto_reply"}),
        ("Precedence: auto_reply", {"auto_generated", "auto_reply"}),
        ("Auto-Submitted: auto-forwarded", {"auto_generated", "auto_forward"}),
        ("X-MS-Exchange-Inbox-Rules-Loop: x", {"auto_forward"}),
        ("X-Forwarded-For: a@b c@d", {"auto_forward"}),
        ("List-Id: <x>", {"list"}),
        ("List-Post: <mailto:x>", {"list"}),
        ("List-Unsubscribe: <x>", {"bulk"}),
        ("Precedence: BULK", {"bulk"}),
        ("Precedence: list", {"list"}),
        ("Disposition-Notification-To: a@b", {"receipt_requested"}),
        ("X-Failed-Recipients: a@b", {"bounce"}),
    ],
)
def test_flags_of_the_header(header, flags):
    mime = message(header + "\n\ntext")
    assert header_flags(mime.headers) == flags
    assert flags_of(mime.headers, mime) == flags
    assert flags <= HEADER_FLAGS < FLAGS


def multipart(kind: str, *parts: str) -> str:
    return f"Content-Type: multipart/{kind}; boundary=b\n\n" + "".join(f"--b\n{part}\n" for part in parts) + "--b--"


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (multipart("signed; protocol=x", "\nx"), {"signed"}),
        (
            multipart("mixed", multipart("signed; x=y", "\nx").replace("=b", "=c").replace("--b", "--c"), "\nfooter"),
            {"signed"},
        ),
        (f"{P7M}; smime-type=signed-data\n\n{SIGNED_DATA}", {"signed"}),
        (f"{P7M}; name=smime.p7m\n\n{SIGNED_DATA}", {"signed"}),
        (f"{P7M}; smime-type=signed-data\n\n{ENVELOPED}", {"encrypted"}),
        (f"{P7M}\n\n", {"encrypted"}),
        (f"{P7M}; smime-type=compressed-data\n\n", set()),
        (multipart("encrypted", "\nx"), {"encrypted"}),
        ("Subject: x\n\n-----BEGIN PGP MESSAGE-----\n", {"encrypted"}),
        ("Subject: x\n\n-----BEGIN PGP SIGNED MESSAGE-----\n", {"signed"}),
        (multipart("mixed", "Sig: x\n\nx"), {"signed"}),
        (multipart("alternative", "\nx", "Content-Type: text/calendar; method=REQUEST\n\nx"), {"calendar"}),
        (multipart("report; report-type=delivery-status", "\nx"), {"bounce"}),
        (multipart("report", "\nx", "Content-Type: message/delivery-status\n\nx"), {"bounce"}),
        (multipart("report; report-type=Disposition-Notification", "\nx"), {"read_receipt"}),
        (multipart("voice-message", "\nx"), {"voicemail"}),
        (
            multipart(
                "mixed",
                "Content-Type: message/rfc822\n\n"
                + multipart("signed", "\nx").replace("=b", "=c").replace("--b", "--c"),
            ),
            set(),
        ),
        ("Content-Type: multipart/mixed\n\nx", {"uninspectable"}),
    ],
)
def test_flags_of_the_parts(text, flags):
    mime = message(text)
    assert flags_of(mime.headers, mime) == flags


def attached(content: bytes) -> set[str]:
    encoded = base64.encodebytes(content).decode()
    mime = message(f"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n{encoded}")
    return set(flags_of(mime.headers, mime))


def test_archives_that_cannot_be_looked_into():
    assert attached(b"Rar!\x1a\x07\x00") == {"uninspectable"}
    assert attached(zipped(("a.txt", b"x"))) == set()
    assert attached(zipped(("a.zip", zipped(("b.zip", zipped(("c.rar", b"Rar!\x1a\x07\x00"))))))) == {"uninspectable"}
    assert attached(zipped(("a.txt", b"x"))[:-10]) == {"uninspectable"}
