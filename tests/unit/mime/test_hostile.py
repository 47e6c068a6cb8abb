# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is sent, the time it takes grows with its size and no faster, and so does the memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from postward.mime.address_list import read_mailboxes
from postward.mime.archive import list_archive
from postward.mime.filenames import extensions_of
from postward.mime.flags import flags_of
from postward.mime.message import MimeMessage
from postward.mime.parameters import ContentField
from postward.mime.replace import with_parts_replaced
from postward.mime.subject import with_prefix
from postward.mime.text import body_text
from postward.mime.true_type import true_type_of
from postward.mime.words import decode_words, encode_words
from postward.model.header import HeaderField, Headers

ALLOWED_S = 4.0
"""Of the processor; each takes less than a tenth of it, though its allocations are traced."""
BODY_BYTES = 1_000_000
FIELD_BYTES = 100_000
ALLOWED_BYTES = 40_000_000


def headers_of(*fields: tuple[bytes, bytes]) -> Headers:
    return Headers([HeaderField(name, value) for name, value in fields])


def look(headers: Headers, body: bytes) -> MimeMessage:
    """Ask for everything there is."""
    mime = MimeMessage(headers, body)
    for part in mime.nodes:
        _ = part.filenames, part.extensions, part.parameters, part.is_attachment, part.size_bytes, part.true_type
    body_text(mime, 1_000_000)
    flags_of(headers, mime)
    with_parts_replaced(mime, {part.path: "x" for part in mime.parts[::2]})
    return mime


def timed(function, *arguments):
    tracemalloc.start()
    started_s = time.process_time()
    result = function(*arguments)
    took_s = time.process_time() - started_s
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took_s < ALLOWED_S
    assert peak < ALLOWED_BYTES
    return result


MIXED = b" multipart/mixed; boundary=b"
OPENED = b"".join(b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1) for n in range(1_000))
PREFIXES = b"".join(
    b"--%b\r\nContent-Type: multipart/mixed; boundary=%b\r\n\r\n" % (b"a" * n, b"a" * (n + 1)) for n in range(1, 900)
)


@pytest.mark.parametrize(
    ("content_type", "head", "piece"),
    [
        (b" multipart/mixed; boundary=0", OPENED, b"x\r\n"),
        (b" multipart/mixed; boundary=0", OPENED, b"--\r\n"),
        (b" multipart/mixed; boundary=a", PREFIXES, b"--aaaa\r\n"),
        (b" message/rfc822", b"", b"Content-Type: message/rfc822\r\n\r\n"),
        (MIXED, b"", b"--b\n"),
        (MIXED, b"", b"--b\n\n--b--\n"),
        (MIXED, b"--b\n\n", b"--bb\n"),
        (MIXED, b"", b"\n"),
        (MIXED, b"--b\n", b"a:b\n"),
        (MIXED, b"--b\nX:", b"a\n "),
        (MIXED, b"--b\nX:", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n "),
        (MIXED, b"--b\nX:", b"a"),
        (MIXED, b"--b\n", b"a"),
        (MIXED, b"--b\nContent-Type: a/b", b";\r\n a=b"),
        (MIXED, b'--b\nContent-Type: a/b; name="', b"=?utf-8?q?a?="),
        (MIXED, b"--b\n", b"Content-Type: a/b\n"),
        (b" text/html", b"", b"<"),
        (b" text/html", b"", b"<a "),
        (b" text/html", b"", b"<a b='"),
        (b" text/html", b"", b'<a b="<p>'),
        (b" text/html", b"", b"<p>"),
        (b" text/html", b"", b"<!--"),
        (b" text/html", b"", b"<!-"),
        (b" text/html", b"", b"<style>"),
        (b" text/html", b"", b"</style"),
        (b" text/html", b"<a", b" ="),
        (b" text/html", b"", b"&#1"),
        (b" text/html", b"&#", b"1"),
        (b" text/html", b"", b"&lt"),
        (b" text/html", b"", b"\xff\0"),
        (b" text/plain; charset=utf-7", b"", b"+2AA-"),
        (b" text/plain; charset=iso-2022-jp", b"", b"\x1b$B"),
        (b" text/plain; charset=punycode", b"", b"a-"),
        (b" application/zip", b"PK\x03\x04", b"PK\x01\x02"),
        (b" application/zip", b"PK\x03\x04", b"PK\x05\x06"),
        (b" application/x", bytes.fromhex("d0cf11e0a1b11ae1"), "WordDocument\0".encode("utf-16-le")),
    ],
)
def test_any_body_takes_linear_time(content_type, head, piece):
    body = head + piece * (BODY_BYTES // len(piece))
    timed(look, headers_of((b"Content-Type", content_type)), body)


@pytest.mark.parametrize(
    "piece", [b"=", b"= ", b"=\n", b"A=", b"A\n", b"A!", b"A", b"AAAAAAAAAAAAAAAA=\n", b"M\n", b"#86)C\n", b"begin \n"]
)
@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"x-uuencode"])
def test_any_transfer_encoding_takes_linear_time(piece, encoding):
    headers = headers_of((b"Content-Type", b" application/zip"), (b"Content-Transfer-Encoding", encoding))
    timed(look, headers, piece * (BODY_BYTES // len(piece)))


READERS = {
    "words": decode_words,
    "written": lambda octets: encode_words(octets.decode("utf-8", "replace")),
    "mailboxes": read_mailboxes,
    "subject": lambda octets: with_prefix(octets, "[EXT] "),
    "parameters": lambda octets: ContentField(octets).parameters,
    "names": lambda octets: extensions_of([octets.decode("utf-8", "replace")]),
    "type": true_type_of,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    "piece",
    [
        b"[", b"(", b"((\\", b")", b"<", b'"', b'"\\', b"=?", b"=?a?q?", b"=?utf-8?q?a?= ", b"a@b,", b"a ", b"@", b",",
        b":", b"<@a:", b";a=b", b";a*0=", b";a*1*='", b"Re: ", b"[a]", b"\r\n ", b"\0", b"\xff", b".", b"a.", b"<!--",
        b"[a", b"=?utf-8?b?", b"a", b" ", b"\xe2\x80\xae",
    ],
)  # fmt: skip
def test_any_field_takes_linear_time(reader, piece):
    timed(reader, b" " + piece * (FIELD_BYTES // len(piece)))


def test_a_field_of_a_megabyte_in_a_part_hides_nothing():
    body = b"--b\r\nX-Long: " + b"x" * 1_000_000 + b"\r\nContent-Type: x/y; name=evil.exe\r\n\r\nMZ\r\n--b--"
    assert look(headers_of((b"Content-Type", MIXED)), body).parts[0].extensions == ("exe",)


def test_archives_within_archives_without_end():
    content = b"PK\x03\x04"
    for _ in range(4):
        content = content * 10 + b"PK\x05\x06" + bytes(18)
    assert list_archive(content, "zip", depth=100).problem
