# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import gzip
import io
import struct
import tarfile
import zipfile
import zlib

import pytest

from plugins.attachment_policy import attachment_policy
from postward.rules.api import Audit, Notify, Quarantine, Reject, StripAttachment, Tag
from postward.rules.message.stored import message_from
from postward.rules.plugins.definition import PluginError
from tests.plugins.context import Desk

PROGRAM = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(400)
PDF = b"%PDF-1.7\n" + bytes(200)
REFUSED = [
    Tag(name="attachment:blocked"),
    Reject(code=550, enhanced="5.7.1", text="Attachments of this kind are not accepted here"),
    Audit(severity="high"),
]


def message(*files):
    """A text, and files: content, and the fields after Content-Type and before the encoding."""
    parts = [b"Content-Type: text/plain\r\n\r\nPlease see the file.\r\n"]
    for content, name in files:
        fields = name if b":" in name else b'Content-Disposition: attachment; filename="' + name + b'"'
        head = b"Content-Type: application/octet-stream\r\n" + fields
        parts.append(head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content))
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    header = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return message_from(header + body, mail_from="a@b.example", recipients=["c@corp.example"])


def act(*files, **settings):
    return Desk(attachment_policy).call(message(*files), **settings)


def zipped(*files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for content, name in files:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)
    return file.getvalue()


def tarred(content, name):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def with_password(content):
    """The archive, with the flag that says that its files are encrypted."""
    octets = bytearray(content)
    octets[6] |= 1
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    return bytes(octets)


def bomb():
    inner = zlib.compress(bytes(1_000_000))
    return zipped((bytes(80_000_000), "zeros.bin"), (inner, "x"))


@pytest.mark.parametrize("name", [b"invoice.pdf", b"photo.jpg", b"noextension", b"a.exe"])
def test_a_program_is_one_whatever_it_is_called(name):
    assert act((PROGRAM, name)) == REFUSED


@pytest.mark.parametrize("fields", [
    b'Content-Disposition: attachment; filename="Invoice.PDF.JS"',
    b'Content-Disposition: attachment; filename="invoice.js.pdf"',
    b'Content-Disposition: attachment; filename="invoice.js. . "',
    'Content-Disposition: attachment; filename="invoice\u202efdp.js"'.encode(),
    b"Content-Disposition: attachment; filename*0*=UTF-8''invoice%2E; filename*1=js",
    b'Content-Disposition: attachment; filename="=?utf-8?B?aW52b2ljZS5qcw==?="',
    b'Content-Disposition: attachment; filename="invoice.pdf"\r\nContent-Type: application/x; name="invoice.js"',
    b"Content-Disposition: inline; filename=invoice.js\r\nContent-ID: <1@b.example>",
])  # fmt: skip
def test_each_of_a_files_names_counts(fields):
    assert set(REFUSED) <= set(act((b"WScript.Echo('hello')\r\n", fields)))


@pytest.mark.parametrize("archive", [
    (zipped((PROGRAM, "readme.txt")), b"docs.zip"),
    (zipped((zipped((PROGRAM, "b.pdf")), "inner.zip")), b"docs.zip"),
    (zipped((zipped((b"text", "run.vbs")), "inner.dat")), b"docs.pdf"),
    (tarred(PROGRAM, "setup"), b"source.tar.gz"),
    (gzip.compress(PROGRAM), b"manual.gz"),
    (with_password(zipped((b"secret", "salary.exe"))), b"salary.zip"),
])  # fmt: skip
def test_what_is_in_archives_counts(archive):
    assert set(REFUSED) <= set(act(archive))


@pytest.mark.parametrize("file", [
    (PDF, b"report.pdf"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), b"picture.png"),
    (b"the word .exe in a text", b"notes about setup.exe files.txt"),
    (b"js", b"js"),
    (zipped((PDF, "report.pdf"), (b"a,b\n1,2\n", "table.csv")), b"data.zip"),
    (zipped((b"<Types/>", "[Content_Types].xml"), (b"<w/>", "word/document.xml")), b"letter.docx"),
    (gzip.compress(b"line of a log\n" * 50_000), b"app.log.gz"),
])  # fmt: skip
def test_usual_files_pass(file):
    assert act(file) == []


def test_a_text_may_begin_as_a_program_does():
    plain = message_from(b"From: a@b.example\r\n\r\nMZ-Verlag GmbH\r\nHello\r\n", mail_from="a@b.example")
    assert Desk(attachment_policy).call(plain) == []
    assert act() == []


def test_a_password_has_its_own_policy():
    archive = (with_password(zipped((b"secret", "salary.xlsx"))), b"salary.zip")
    assert act(archive) == [Tag(name="attachment:encrypted")]
    assert act(archive, encrypted="allow") == []
    assert act(archive, encrypted="quarantine") == [
        Tag(name="attachment:encrypted"),
        Quarantine(reason="attachment: encrypted"),
    ]


def test_macros_have_their_own_policy():
    document = zipped((b"<Types/>", "[Content_Types].xml"), (b"\xd0\xcf", "xl/vbaProject.bin"))
    assert act((document, b"sheet.xlsx")) == [Tag(name="attachment:macros")]
    assert act((b"anything", b"sheet.XLSM")) == [Tag(name="attachment:macros")]
    assert act((zipped((document, "a.docx")), b"a.zip"), macros="reject")[1] == REFUSED[1]


@pytest.mark.parametrize("file", [
    (bomb(), b"bomb.zip"),
    (b"Rar!\x1a\x07\x01\x00" + bytes(100), b"docs.rar"),
    (zipped((PDF, "a.pdf"))[:-10], b"cut.zip"),
    (zipped((zipped((zipped((zipped((PDF, "a.pdf")), "3.zip")), "2.zip")), "1.zip")), b"0.zip"),
])  # fmt: skip
def test_what_cannot_be_looked_into_has_its_own_policy(file):
    assert act(file) == [Tag(name="attachment:uninspectable")]
    assert act(file, uninspectable="allow") == []
    assert act(file, uninspectable="quarantine")[1] == Quarantine(reason="attachment: uninspectable")


def test_a_broken_structure_cannot_be_looked_into():
    content = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    nested = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1000))
    deep = message_from(content.replace(b"=b", b"=b0") + nested, mail_from="a@b.example")
    assert Desk(attachment_policy).call(deep) == [Tag(name="attachment:uninspectable")]


def test_what_is_not_reached_in_time_cannot_be_looked_into():
    desk = Desk(attachment_policy)
    desk.limit_s = 0
    assert desk.call(message((PROGRAM, b"a.exe"))) == [Tag(name="attachment:uninspectable")]


def test_only_the_parts_in_question_are_removed():
    actions = act((PDF, b"report.pdf"), (PROGRAM, b"a.pdf"), (b"x", b"b.js"), blocked="strip")
    assert actions[1] == StripAttachment(
        paths=("3", "4"), notice="An attachment of a kind that is not accepted here was removed."
    )


def test_the_harshest_policy_counts_and_all_is_told():
    files = [(PROGRAM, b"a.pdf"), (with_password(zipped((b"x", "y"))), b"y.zip")]
    actions = act(*files, blocked="quarantine", encrypted="strip", notify=["admin"])
    assert actions == [
        Tag(name="attachment:blocked"),
        Tag(name="attachment:encrypted"),
        Quarantine(reason="attachment: blocked"),
        Audit(severity="high"),
        Notify(to=("admin",)),
    ]


def test_the_lists_are_the_operators():
    assert act((b"x", b"drawing.DWG"), blocked_extensions=[".dwg"]) == REFUSED
    assert act((b"x", b"a.js"), blocked_extensions=["dwg"]) == []
    assert act((PDF, b"a.txt"), blocked_types=["pdf"]) == REFUSED


@pytest.mark.parametrize("wrong", [{"archive_depth": 11}, {"blocked": "delete"}, {"encrypted": True}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(PluginError):
        act(**wrong)
