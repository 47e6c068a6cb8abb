# SPDX-License-Identifier: GPL-3.0-or-later
"""MIME: what strangers put into bodies, header fields and archives."""

from __future__ import annotations

import base64
import email
import email.policy
import io
import time
import zipfile

from hypothesis import strategies as st

from postward.mime.address_list import read_mailboxes
from postward.mime.archive import ArchiveBounds, list_archive
from postward.mime.bounds import MimeBounds
from postward.mime.filenames import extensions_of
from postward.mime.flags import FLAGS, flags_of, header_flags
from postward.mime.html_text import html_to_text
from postward.mime.message import MimeMessage
from postward.mime.parameters import ContentField
from postward.mime.replace import with_parts_replaced
from postward.mime.subject import with_prefix
from postward.mime.text import body_text
from postward.mime.transfer import KNOWN, decode_transfer
from postward.mime.true_type import true_type_of
from postward.mime.words import decode_words, encode_words
from postward.model.header import HeaderField, Headers
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import AUTHORS, EDITS, OCTETS, TEXT, edited

BOUNDARIES = st.sampled_from([b"b", b"bb", b"b-", b"b--", b"a b", b"=?x?=", b"b" * 70, b"\xfc"])
LINE_ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\n", b" \r\n", b"\t\n"])
TYPES = st.one_of(
    st.sampled_from([
        b"text/plain", b"text/html; charset=utf-8", b"TEXT/HTML; charset=utf-7", b"text/plain; charset=iso-2022-jp",
        b"message/rfc822", b"application/pdf; name=x.pdf", b"image/png; name*=utf-8''%F0", b"multipart/mixed",
        b"application/pkcs7-mime", b"multipart/digest; boundary=b", b"text/plain; name*0=a; name*1*=%2", b"x", b"",
    ]),
    OCTETS,
)  # fmt: skip
FIELDS = st.lists(
    st.one_of(
        TYPES.map(lambda value: b"Content-Type: " + value),
        st.sampled_from([b"base64", b"quoted-printable", b"x-uuencode", b"7bit", b"x"]).map(
            lambda value: b"Content-Transfer-Encoding:" + value
        ),
        OCTETS.map(lambda value: b'Content-Disposition: attachment; filename="' + value),
        st.sampled_from([b"Content-ID: <x>", b"Sig: x", b"From x", b"Subject : x", b"no field"]),
        OCTETS,
    ),
    max_size=4,
)
MARKUP = st.lists(
    st.sampled_from([
        "<", ">", "<p>", "</p>", "<b", " a='", '"', "=", "<!--", "-->", "--!>", "<style>", "</style", '<script a="',
        "</SCRIPT>", "&amp;", "&#", "&#x41;", "&", ";", "text", " ", "<![endif]>", "</", "<?", "\0", "\u00df",
        "<iframe>",
    ]),
    max_size=40,
).map("".join)  # fmt: skip
CONTENT = st.one_of(OCTETS, MARKUP.map(str.encode), OCTETS.map(base64.encodebytes))


@st.composite
def bodies(draw, depth=3):
    """Octets of a multipart, more or less, with its boundary."""
    boundary, end = draw(BOUNDARIES), draw(LINE_ENDS)
    lines = [draw(OCTETS)] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(0, 3))):
        fields = draw(FIELDS)
        content = draw(CONTENT)
        if depth and draw(st.booleans()):
            inner, content = draw(bodies(depth=depth - 1))
            fields.append(b'Content-Type: multipart/mixed; boundary="' + inner + b'"')
        lines += [b"--" + boundary, *fields, b"", content]
    lines += [b"--" + boundary + b"--"] if draw(st.booleans()) else []
    return boundary, end.join(lines)


def message_of(boundary: bytes, body: bytes, **bounds) -> MimeMessage:
    value = b' multipart/mixed; boundary="' + boundary + b'"'
    return MimeMessage(Headers([HeaderField(b"Content-Type", value)]), body, MimeBounds(**bounds))


def check_tree(part, start, end):
    assert start <= part.header_start <= part.body_start <= part.end <= end
    at = part.body_start
    for child in part.children:
        check_tree(child, at, part.end)
        at = child.end


def check_part(part):
    for text in (
        part.text(50),
        part.filename,
        part.charset,
        *part.filenames,
        *part.extensions,
        *part.parameters.values(),
    ):
        text.encode("utf-8")
    assert len(part.text(50)) <= 50
    assert part.size_bytes == len(part.decoded())
    assert part.decoded(10) == part.decoded()[:10]
    assert part.archive(2) is part.archive(2)
    assert len(part.sha256) == 64
    assert isinstance(part.is_attachment and part.is_body, bool)


@fuzz(made=bodies(), edits=EDITS, fields=st.lists(st.tuples(st.just(b"Content-Type"), TYPES), max_size=2), share=2)
def test_any_body(made, edits, fields):
    boundary, body = made
    for octets in (body, edited(body, edits)):
        headers = Headers([HeaderField(name, value) for name, value in fields])
        for mime in (
            message_of(boundary, octets),
            message_of(boundary, octets, max_parts=3, max_depth=2),
            MimeMessage(headers, octets),
        ):
            check_tree(mime.root, 0, len(octets))
            assert len(mime.by_path) == len(mime.nodes)
            for part in mime.parts:
                check_part(part)
            text = body_text(mime, 100)
            assert len(text) <= 100
            assert "  " not in text
            assert flags_of(mime.headers, mime) <= FLAGS
            assert header_flags(mime.headers) <= flags_of(mime.headers, mime)


@fuzz(made=bodies(), chosen=st.integers(0, 30), notice=TEXT, share=2)
def test_replacing_any_part(made, chosen, notice):
    boundary, body = made
    mime = message_of(boundary, body)
    part = mime.parts[chosen % len(mime.parts)]
    change = with_parts_replaced(mime, {part.path: notice})
    if part is mime.root:
        assert change.header["Content-Type"] == "text/plain; charset=utf-8"
        return
    assert change.body.startswith(body[: part.header_start])
    assert change.body.endswith(body[part.end :])
    assert len(change.body) >= len(body) - (part.end - part.header_start)


@fuzz(
    parts=st.lists(
        st.tuples(
            st.sampled_from(["text/plain", "text/html", "image/png", "application/octet-stream"]),
            st.binary(max_size=80),
            st.sampled_from(["base64", "7bit"]),
        ),
        min_size=1,
        max_size=4,
    ),
    boundary=st.text("abcXYZ019'()+_,-./:=?", min_size=1, max_size=70),
    is_closed=st.booleans(),
)
def test_what_is_well_formed_is_read_as_the_standard_library_does(parts, boundary, is_closed):
    lines = ['Content-Type: multipart/mixed; boundary="' + boundary + '"', ""]
    for content_type, content, encoding in parts:
        text = base64.b64encode(content).decode() if encoding == "base64" else content.hex()
        lines += [f"--{boundary}", f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", "", text]
    octets = "\r\n".join([*lines, *([f"--{boundary}--", ""] if is_closed else [])]).encode()
    theirs = email.message_from_bytes(octets, policy=email.policy.compat32).get_payload()
    ours = message_of(boundary.encode(), octets.partition(b"\r\n\r\n")[2]).root.children
    assert [(part.content_type, part.decoded()) for part in ours] == [
        (part.get_content_type(), part.get_payload(decode=True)) for part in theirs
    ]


@fuzz(
    files=st.lists(st.tuples(TEXT, st.one_of(st.binary(max_size=60), OCTETS)), max_size=4),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    edits=EDITS,
    share=2,
)
def test_any_archive(files, method, edits):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for number, (name, content) in enumerate(files):
            archive.writestr(zipfile.ZipInfo(f"{number}{name.encode('utf-8', 'replace').decode()}"), content, method)
    whole = target.getvalue()
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", edited(whole, edits))
    for content in (whole, edited(whole, edits), outer.getvalue(), edited(outer.getvalue(), edits)):
        kind = true_type_of(content)
        for bounds in (ArchiveBounds(), ArchiveBounds(max_members=2, max_expanded_bytes=50)):
            found = list_archive(content, kind, depth=2, bounds=bounds)
            assert len(found.members) <= bounds.max_members
            for member in found.members:
                member.path.encode("utf-8")
                assert member.extensions == () or all(member.extensions)
    if method != zipfile.ZIP_LZMA:
        assert len(list_archive(whole, "zip", depth=1).members) == len(files)


@fuzz(head=OCTETS, kind=st.sampled_from(["zip", "tar", "gzip", "bzip2", "xz", "ole", "rar", "", "docx"]))
def test_any_octets_as_an_archive(head, kind):
    magic = {"gzip": b"\x1f\x8b\x08", "bzip2": b"BZh9", "xz": b"\xfd7zXZ\x00", "zip": b"PK\x03\x04"}.get(kind, b"")
    true_type_of(magic + head)
    list_archive(magic + head, kind, depth=3)


@fuzz(value=st.one_of(AUTHORS.map(lambda text: text.encode("utf-8", "surrogatepass")), OCTETS), text=TEXT, share=2)
def test_any_field(value, text):
    decoded = decode_words(value)
    decoded.encode("utf-8")
    assert not {"\r", "\n", "\0"} & set(decoded)
    for mailbox in read_mailboxes(value):
        assert mailbox.address or mailbox.name
        assert mailbox.domain == mailbox.domain.lower()
        f"{mailbox.name}{mailbox.address}".encode()
    written = encode_words(text)
    assert all(line[:1].strip() and len(line) <= 998 for line in written.split(b"\r\n ") if line)
    assert not {10, 13} & set(written.replace(b"\r\n ", b""))
    changed = with_prefix(value, text)
    if changed is not None:
        assert changed.endswith(value.lstrip(b" \t\r\n"))
        assert with_prefix(changed, text) is None
    field = ContentField(value)
    assert all(field.parameters[name] in field.variants(name) for name in field.parameters)
    extensions_of([decoded])


@fuzz(source=st.one_of(MARKUP, TEXT), limit=st.integers(1, 200), share=2)
def test_any_markup(source, limit):
    text = html_to_text(source, 1_000)
    assert html_to_text(source, limit) == text[:limit]
    assert "\ud800" not in text
    assert "hidden" not in html_to_text(f"a<!-- {source.replace('-', '')} hidden -->b", 1_000)
    assert html_to_text(f"shown<b>{source}", 1_000).startswith("shown")


ALLOWED_S = 10.0
"""Of the processor: a hundred times what any of them takes, and far less than the square of the length would."""
SIZE_BYTES = 300_000


def _whole(octets: bytes) -> None:
    mime = message_of(b"b", octets)
    for part in mime.parts:
        check_part(part)
    flags_of(mime.headers, mime)
    with_parts_replaced(mime, {part.path: "x" for part in mime.parts})


READERS = {
    "body": _whole,
    "field": ContentField,
    "parameters": lambda octets: ContentField(octets).parameters,
    "words": decode_words,
    "mailboxes": read_mailboxes,
    "subject": lambda octets: with_prefix(octets, "[EXT] "),
    "written": lambda octets: encode_words(octets.decode("utf-8", "replace")),
    "markup": lambda octets: html_to_text(octets.decode("utf-8", "replace"), SIZE_BYTES),
    "names": lambda octets: extensions_of([octets.decode("utf-8", "replace")]),
    "type": true_type_of,
    "archive": lambda octets: list_archive(octets, true_type_of(octets), depth=3),
    **{name: lambda octets, name=name: decode_transfer(octets, name) for name in KNOWN},
}
PIECES = st.one_of(
    OCTETS,
    MARKUP.map(lambda text: text.encode("utf-8")),
    st.sampled_from(
        [b"--b\r\n", b"--b", b"a:b\n", b" x\n", b"=?utf-8?q?a?= ", b'"', b"(", b"\\", b";a=b", b"<a b='", b"PK\x01\x02"]
    ),
).filter(bool)
HEADS = st.one_of(
    OCTETS,
    st.sampled_from(
        [
            b"--b\nContent-Type: text/html\n\n",
            b"--b\nContent-Type:",
            b"<a ",
            b"<!--",
            b"<style>",
            b"=?utf-8?b?",
            b"PK\x03\x04",
        ]
    ),
)


@fuzz(head=HEADS, piece=PIECES, tail=OCTETS, reader=st.sampled_from(sorted(READERS)), share=4)
def test_the_same_part_over_and_over(head, piece, tail, reader):
    octets = head + piece * (SIZE_BYTES // len(piece)) + tail
    started_s = time.process_time()
    READERS[reader](octets)
    assert time.process_time() - started_s < ALLOWED_S
