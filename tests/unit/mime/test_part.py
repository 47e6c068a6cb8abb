# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import hashlib

import pytest

from tests.unit.mime.making import message, part

MZ = b"MZ" + bytes(100)


def test_content_is_decoded_and_described_once():
    found = part(
        "Content-Type: Application/PDF; name=x.pdf\nContent-Transfer-Encoding: BASE64",
        base64.encodebytes(b"%PDF-1.7" + bytes(500)),
    )
    assert (found.size_bytes, found.true_type, found.encoding) == (508, "pdf", "base64")
    assert found.sha256 == hashlib.sha256(b"%PDF-1.7" + bytes(500)).hexdigest()
    assert found.decoded(4) == b"%PDF"
    assert found.decoded() is found.decoded()


@pytest.mark.parametrize(
    ("header", "filename", "extensions"),
    [
        ("Content-Disposition: attachment; filename=a.exe", "a.exe", ("exe",)),
        ("Content-Type: text/plain; name=b.js", "b.js", ("js",)),
        ("Content-Disposition: attachment; filename=a.txt\nContent-Type: x/y; name=b.exe", "a.txt", ("txt", "exe")),
        ("Content-Disposition: attachment; filename=a.txt; filename*=utf-8''b.exe", "b.exe", ("exe", "txt")),
        ("Content-Disposition: attachment;\n filename*0=a.e;\n filename*1=xe", "a.exe", ("exe",)),
        ('Content-Disposition: attachment; filename="=?utf-8?b?YS5leGU=?="', "a.exe", ("exe",)),
        ("Content-Disposition: attachment; filename=", "", ()),
        ("Content-Disposition: attachment", "", ()),
    ],
)
def test_names_of_both_fields_in_every_form(header, filename, extensions):
    found = part(header)
    assert found.filename == filename
    assert set(extensions) <= set(found.extensions)
    assert found.extensions[: len(extensions)] == extensions


@pytest.mark.parametrize(
    ("header", "is_attachment", "is_body"),
    [
        ("", False, True),
        ("Content-Type: text/html", False, True),
        ("Content-Type: text/html; name=mail.html", False, True),
        ("Content-Type: text/plain; name=evil.js", True, True),
        ("Content-Type: text/plain\nContent-Disposition: inline; filename=evil.js", True, True),
        ("Content-Type: text/plain\nContent-Disposition: attachment", True, False),
        ("Content-Type: text/plain\nContent-Disposition: x-unknown", True, False),
        ("Content-Type: application/pdf", True, False),
        ("Content-Type: image/png", True, False),
        ("Content-Type: message/rfc822", True, False),
        ("Content-Type: multipart/mixed; boundary=none", False, True),
    ],
)
def test_what_is_an_attachment(header, is_attachment, is_body):
    found = part(header, "x") if "rfc822" not in header else message(header + "\n\nx").root
    assert (found.is_attachment, found.is_body) == (is_attachment, is_body)


def children_of(kind: str, *headers: str):
    body = "".join(f"--b\n{header}\n\nx\n" for header in headers)
    return message(f"Content-Type: multipart/{kind}; boundary=b\n\n{body}--b--").root.children


def test_pictures_of_the_text_are_no_attachments():
    first, *others = children_of(
        "mixed",
        "Content-Type: image/png; name=x.png\nContent-ID: <x>",
        "Content-Type: image/png; name=x.exe\nContent-ID: <x>",
        "Content-Type: image/png; name=x.png\nContent-ID: <x>\nContent-Disposition: attachment",
        "Content-Type: application/zip; name=x.png\nContent-ID: <x>",
    )
    assert not first.is_attachment
    assert all(other.is_attachment for other in others)
    assert not children_of("related", "Content-Type: image/gif")[0].is_attachment


def test_a_second_text_with_a_name_is_an_attachment_and_the_parts_of_a_report_are_none():
    first, second, third = children_of(
        "mixed", "Content-Type: text/plain; name=a.txt", "Content-Type: text/plain; name=b.txt", ""
    )
    assert [first.is_attachment, second.is_attachment, third.is_attachment] == [False, True, False]
    report = children_of("report", "", "Content-Type: message/delivery-status", "Content-Type: message/rfc822")
    assert [child.is_attachment for child in report] == [False, False, False]


def test_an_attachment_of_an_attached_message_is_one():
    mime = message(
        "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\n\nhello\n--b\nContent-Type: x/y; name=a.exe\n\nMZ\n--b--"
    )
    assert [(found.path, found.is_attachment, found.is_body) for found in mime.parts] == [
        ("1", True, False),
        ("1.1", False, False),
        ("1.2", True, False),
    ]
    assert mime.by_path["1.2"].true_type == "exe"


@pytest.mark.parametrize(
    ("header", "body", "text"),
    [
        ("", "plain", "plain"),
        ("Content-Type: text/plain; charset=utf-8", "ü".encode(), "ü"),
        ("Content-Type: text/plain; charset=UTF-8 (x)", "ü".encode(), "ü"),
        ("Content-Type: text/plain; charset=iso-8859-1", b"\xfc", "ü"),
        ("Content-Type: text/plain; charset=x-none", b"\xfc", "ü"),
        ("Content-Type: text/html", b"<p>a &amp; b", "\na & b"),
        ("Content-Type: text/html", b'<meta charset="iso-8859-2"><p>\xb1', "\n\u0105"),
        ("Content-Type: text/html; charset=utf-8", '<meta charset="iso-8859-2"><p>ü'.encode(), "\nü"),
        ("Content-Transfer-Encoding: quoted-printable", b"a=\nb=3D=C3=BC", "ab=ü"),
    ],
)
def test_text(header, body, text):
    assert part(header, body).text() == text


def test_text_is_bounded():
    assert part("", "x" * 100).text(7) == "x" * 7
    assert part("Content-Type: text/html", "<p>x" * 100).text(7) == "\nx\nx\nx\n"


def test_base64_behind_the_padding_is_decoded_and_named():
    body = base64.b64encode(b"MZ" + bytes(20)) + b"\n" + base64.encodebytes(b"hidden behind it, for some readers")
    found = part("Content-Type: x/y; name=a.exe\nContent-Transfer-Encoding: base64", body)
    assert found.decoded().endswith(b"for some readers")
    assert found.archive().problem == "base64 goes on behind its end"
    footer = part("Content-Type: x/y\nContent-Transfer-Encoding: base64", b"aGVsbG8=\n_______\nMailing list footer\n")
    assert (footer.decoded(), footer.archive().problem) == (b"hello", "")
