# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import hashlib
import io
import zipfile

import pytest

from postward.rules.message.stored import message_from
from tests.unit.rules.compiling import condition_faults, finding, holds, mail, when

EXE = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(20) + bytes(200)
PDF = b"%PDF-1.4\n" + bytes(2_000)


def zipped(*files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in files:
            archive.writestr(zipfile.ZipInfo(name), octets, compress_type=zipfile.ZIP_DEFLATED)
    return content.getvalue()


def with_files(*files, kind="application/octet-stream"):
    """A message with files; a name that holds an equals sign is a whole parameter."""
    parts = [b"Content-Type: text/plain\n\nHello\n"]
    for name, content in files:
        parameter = name if "=" in name else f'filename="{name}"'
        head = f"Content-Type: {kind}\nContent-Disposition: attachment; {parameter}\n"
        parts.append(f"{head}Content-Transfer-Encoding: base64\n\n".encode() + base64.encodebytes(content))
    body = b"".join(b"--sep\n" + part for part in parts) + b"--sep--\n"
    return message_from(b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=sep\n\n" + body)


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ("{extension: exe}", True),
        ("{extension: {in: [js, .EXE]}}", True),
        ("{extension: {in: [js, pdf]}}", False),
        ("{any_extension: pdf}", True),
        ("{name: {contains: invoice}}", True),
        ("{name: {regex: '^Inv'}}", True),
        ("{true_type: {in: [exe, dll]}}", True),
        ("{true_type: pdf}", False),
        ("{content_type: application/octet-stream}", True),
        ("{content_type: {starts_with: image/}}", False),
        ("{size: {gt: 100, lt: 1KB}}", True),
        ("{size: {gt: 1MB}}", False),
        (f"{{sha256: {hashlib.sha256(EXE).hexdigest()}}}", True),
        ("{encrypted: true}", False),
        ("{encrypted: false}", True),
        ("{uninspectable: true}", False),
        ("{extension: exe, true_type: exe, size: {lt: 1MB}}", True),
        ("{extension: exe, true_type: pdf}", False),
    ],
)
def test_all_that_is_asked_of_one_attachment(tests, expected):
    message = with_files(("Invoice.pdf.exe", EXE))
    assert holds(f"{{attachment: {tests}}}", message) is expected


def test_the_tests_of_one_mapping_hold_of_the_same_attachment():
    message = with_files(("a.exe", PDF), ("b.pdf", EXE))
    assert not holds("{attachment: {extension: exe, true_type: exe}}", message)
    assert holds("{attachment: {extension: pdf, true_type: exe}}", message)
    assert holds("{all: [{attachment: {extension: exe}}, {attachment: {true_type: exe}}]}", message)


@pytest.mark.parametrize(
    "name",
    [
        "evil.js",
        "EVIL.JS",
        "evil.txt.js",
        "evil.js.",
        "evil.js . ",
        "evil\u202etxt.js",
        "filename*=utf-8''ev%69l%2Ejs",
        'filename*0="evil."; filename*1=js',
        'filename="=?utf-8?B?ZXZpbC5qcw==?="',
        "filename=\"good.txt\"; filename*=utf-8''evil.js",
    ],
)
def test_extensions_that_hide(name):
    assert holds("{attachment: {extension: {in: [js, jse]}}}", with_files((name, b"x")))


def test_an_extension_is_the_last_one():
    message = with_files(("www.example.com.pdf", PDF))
    assert not holds("{attachment: {extension: com}}", message)
    assert holds("{attachment: {any_extension: com}}", message)


def test_a_file_that_is_not_on_a_list_is_found_behind_a_name_that_is():
    allowed = "{attachment: {extension: {not_in: [pdf, txt]}}}"
    assert not holds(allowed, with_files(("a.pdf", PDF), ("report.v2.txt", b"x")))
    assert holds(allowed, with_files(("a.pdf", PDF), ("b.exe", EXE)))
    assert holds(allowed, with_files(("a.pdf.exe", EXE)))
    assert holds(allowed, with_files(("filename=\"a.pdf\"; filename*=utf-8''a.exe", EXE)))
    assert holds(allowed, with_files(("noextension", EXE)))


def test_files_in_archives_in_archives():
    message = with_files(("a.zip", zipped(("b.zip", zipped(("c/evil.exe", EXE))))))
    assert not holds("{attachment: {true_type: exe}}", message)
    assert not holds("{attachment: {true_type: exe, archives: 1}}", message)
    assert holds("{attachment: {true_type: exe, archives: 2}}", message)
    found = finding(when("{attachment: {extension: exe, archives: 3}}"), message)
    assert found.matched
    assert found.seen.endswith("c/evil.exe")


def test_an_executable_file_is_one_whatever_it_is_called():
    assert holds("{attachment: {true_type: exe}}", with_files(("holiday.jpg", EXE), kind="image/jpeg"))


def test_what_cannot_be_looked_into():
    bomb = with_files(("bomb.zip", zipped(("zeros", bytes(200_000_000)))))
    assert holds("{attachment: {uninspectable: true}}", bomb)
    assert not holds("{attachment: {uninspectable: true}}", with_files(("a.zip", zipped(("a.txt", b"x")))))
    assert holds("{attachment: {uninspectable: true}}", with_files(("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(50))))
    assert holds("{flags: {any: [uninspectable]}}", bomb)


def test_an_archive_that_needs_a_password():
    content = bytearray(zipped(("a.txt", b"secret")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    message = with_files(("a.zip", bytes(content)))
    assert holds("{attachment: {encrypted: true}}", message)
    assert holds("{attachment: {encrypted: true, archives: 1, extension: txt}}", message)


def test_how_many_and_how_large():
    message = with_files(("a.pdf", bytes(3_000)), ("b.pdf", bytes(2_000)))
    assert holds("{attachments.count: 2}", message)
    assert holds("{attachments.size: {eq: 5000}}", message)
    assert holds("{attachments.count: 0}", mail("From: a@b.example"))
    assert holds("{size: {gt: 6KB, lt: 8KB}}", message)


def test_size_is_that_of_the_decoded_content():
    message = with_files(("a.bin", bytes(10 * 1024)))
    assert holds("{attachment: {size: 10KB}}", message)
    assert not holds("{attachment: {size: {gt: 10KB}}}", message)


@pytest.mark.parametrize(
    ("tests", "fault"),
    [
        ("{}", "attachment: asks nothing of the attachment (write attachments.count for whether there is one)"),
        (
            "{archives: 3}",
            "attachment: asks nothing of the attachment (write attachments.count for whether there is one)",
        ),
        ("{extention: exe}", "attachment.extention: unknown key (did you mean extension?)"),
        (
            "{size: {gt: 10 megabytes}}",
            "attachment.size.gt: must be a size (write a number with KB, MB or GB, such as 10MB)",
        ),
        ("{size: {gt: 2MB, lt: 1MB}}", "attachment.size: no number is all of this"),
        ("{extension: exe, archives: 9}", "attachment.archives: must be from 0 to 5"),
        ("{encrypted: 1}", "attachment.encrypted: must be true or false"),
    ],
)
def test_faults(tests, fault):
    assert condition_faults(f"{{attachment: {tests}}}") == [fault]
