# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages with files, for the tests of this folder."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.unit.checks.content.letters import letter
from tests.unit.mime.test_true_type import program

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter

PROGRAM = program(is_dll=False)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PDF = b"%PDF-1.7\n" + bytes(100)


def with_file(
    name: str, content: bytes, *, kind: str = "application/octet-stream", text: str = "Please see the file."
) -> Letter:
    """A message with that text and that file, as most programs write it."""
    parameter = f'; name="{name}"' if name else ""
    return letter(
        f"From: Alice <alice@sender.example>\nTo: bob@example.com\nSubject: The file\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f"--b\nContent-Type: {kind}{parameter}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment\n\n{base64.encodebytes(content).decode()}\n--b--\n"
    )


def html(body: str, *, author: str = "Alice <alice@sender.example>", **options) -> Letter:
    """A message that is nothing but HTML, with that in its body."""
    return letter(
        f"From: {author}\nTo: bob@example.com\nSubject: News\nContent-Type: text/html; charset=utf-8\n\n"
        f"<html><body>{body}</body></html>\n",
        **options,
    )


def plain(text: str, *, author: str = "Alice <alice@sender.example>", charset: str = "utf-8") -> Letter:
    """A message of plain text."""
    return letter(
        f"From: {author}\nTo: bob@example.com\nSubject: Hello\nContent-Type: text/plain; charset={charset}\n\n{text}\n"
    )


def anchor(url: str, shown: str = "Click here", **options) -> Letter:
    """HTML with one link and enough text."""
    return html(f'<p>Dear customer, this is what you have asked for.</p><a href="{url}">{shown}</a>', **options)
