# SPDX-License-Identifier: GPL-3.0-or-later
"""Encoded words (RFC 2047): read as generously as readers of mail do, written only where they are needed."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING

from postward.mime.charsets import codec_of, decode_text
from postward.mime.transfer import decode_base64

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WORD = 75
"""Characters of one encoded word (RFC 2047 section 2)."""
MAX_LINE = 76
"""Characters of a line with encoded words."""
_MAX_PLAIN = 300
"""A longer run without a blank could not be folded, and is encoded."""
_WORD = re.compile(r"=\?([^?\s*]{1,60}+)(?:\*[^?\s]{0,40}+)?\?([bBqQ])\?([^?]*+)\?=")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_LINE_END = re.compile(r"[\r\n\0]")
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_CONTENT_CHARACTERS = MAX_WORD - len("=?utf-8?q??=")
_CONTENT_BYTES = _CONTENT_CHARACTERS // 4 * 3
_CONTROLS = dict.fromkeys((*range(32), 127, 0x85, 0x2028, 0x2029), " ")


def decode_words(raw: bytes) -> str:
    """Value of a field as text: unfolded and decoded; one line without NUL, and no lone surrogates.

    Words side by side in the same charset are decoded as one, for mailers cut them within a character.  What
    cannot be decoded stays as it is.
    """
    text = _LINE_END.sub(" ", _FOLD.sub("", decode_text(raw)))
    return _LINE_END.sub(" ", "".join(_pieces(text))) if "=?" in text else text


def _pieces(text: str) -> Iterator[str]:
    done = 0
    charset = ""
    pending: list[bytes] = []
    for word in _WORD.finditer(text):
        between = text[done : word.start()]
        done = word.end()
        follows = bool(pending) and not between.strip()
        label = word[1].lower()
        if pending and (not follows or label != charset):
            yield decode_text(b"".join(pending), charset)
            pending = []
        if codec_of(label) is None:
            yield from (between, word[0])
            continue
        if not follows:
            yield between
        charset = label
        pending.append(_octets(word[2], word[3]))
    if pending:
        yield decode_text(b"".join(pending), charset)
    yield text[done:]


def _octets(encoding: str, content: str) -> bytes:
    octets = content.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(octets)
    return binascii.a2b_qp(octets.replace(b"\n", b" "), header=True)


def encode_words(text: str, *, whole: bool = False) -> bytes:
    """Value of a field, folded; words that are not ASCII are encoded, with the blanks between them.

    Line ends and other controls become blanks.  ``whole``: encode all of it, blanks at its ends included.
    """
    text = one_line(text)
    pieces = [*_encoded(text)] if whole else [*_mixed(text)]
    return _folded(pieces).encode("ascii")


def one_line(text: str) -> str:
    """The text without controls and halves of pairs, as it can be written."""
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


def _mixed(text: str) -> Iterator[str]:
    run: list[str] = []
    for word in text.split():
        if _needs_encoding(word):
            run.append(word)
            continue
        if run:
            yield from _encoded(" ".join(run))
            run = []
        yield word
    if run:
        yield from _encoded(" ".join(run))


def _needs_encoding(word: str) -> bool:
    return not word.isascii() or "=?" in word or len(word) > _MAX_PLAIN


def _encoded(text: str) -> Iterator[str]:
    """Encoded words of that text, in the encoding that is shorter; no character is cut."""
    quoted = {character: _quoted(character) for character in set(text)}
    is_quoted = sum(len(quoted[character]) for character in text) <= 4 * ((len(text.encode()) + 2) // 3)
    chunk: list[str] = []
    size = 0
    for character in text:
        cost = len(quoted[character]) if is_quoted else len(character.encode())
        if size + cost > (_CONTENT_CHARACTERS if is_quoted else _CONTENT_BYTES):
            yield _one_word("".join(chunk), is_quoted=is_quoted)
            chunk, size = [], 0
        chunk.append(character)
        size += cost
    if chunk:
        yield _one_word("".join(chunk), is_quoted=is_quoted)


def _quoted(character: str) -> str:
    if character == " ":
        return "_"
    return "".join(chr(octet) if octet in _SAFE else f"={octet:02X}" for octet in character.encode())


def _one_word(text: str, *, is_quoted: bool) -> str:
    if is_quoted:
        return f"=?utf-8?q?{''.join(map(_quoted, text))}?="
    return f"=?utf-8?b?{binascii.b2a_base64(text.encode(), newline=False).decode('ascii')}?="


def _folded(pieces: list[str]) -> str:
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if line and len(line) + 1 + len(piece) > MAX_LINE:
            lines.append(line)
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    return "\r\n ".join([*lines, line])
