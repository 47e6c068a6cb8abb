# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages for the tests of this folder."""

from __future__ import annotations

import io
import re
import zipfile

from postward.mime.message import MimeMessage
from postward.model.header import HeaderField, Headers

_FOLD = re.compile(rb"\n(?![ \t])")


def message(text: str | bytes, **bounds) -> MimeMessage:
    """A message written with LF, as it comes from the MTA."""
    content = text.encode() if isinstance(text, str) else text
    header, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = [line.partition(b":") for line in _FOLD.split(header) if line]
    headers = Headers(HeaderField(name, value.replace(b"\n", b"\r\n")) for name, _, value in fields)
    return MimeMessage(headers, body.replace(b"\n", b"\r\n"), **bounds)


def part(header: str | bytes, body: str | bytes = ""):
    """The only part of a message with that header."""
    header, body = (piece.encode() if isinstance(piece, str) else piece for piece in (header, body))
    (only,) = message(header + b"\n\n" + body).parts
    return only


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of those files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            # Of a date of its own: names of tests are made of it, and two processes must make the same.
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return target.getvalue()
