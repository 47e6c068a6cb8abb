# SPDX-License-Identifier: GPL-3.0-or-later
"""Put text before a subject once, however often the message comes back."""

from __future__ import annotations

import re

from postward.mime.words import MAX_LINE, decode_words, encode_words, one_line

_NAME = "Subject:"
_MAX_SEEN = 8_192
_MAX_PREFIXES = 50
# Re:, AW:, Fwd: and the like, with a count, and tags in brackets.
_PREFIX = re.compile(
    r"(?:re|aw|antw|antwort|sv|vs|vb|ynt|odp|ref|rif|res|rsp|r|fw|fwd|wg|i|tr|rv|enc|doorst|vl|pd|ilt|fs|\u041e\u0442|\u0418|"
    r"\u56de\u590d|\u7b54\u590d|\u8f6c\u53d1|\u56de\u8986|\u8f49\u5bc4|\u05d4\u05d5\u05e2\u05d1\u05e8)"
    r"\s*+(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4}|\d{1,4})?\s*+[:\uff1a]\s*+|\[[^\[\]]{1,60}\]\s*+",
    re.IGNORECASE,
)
_BLANKS = b" \t\r\n"


def with_prefix(value: bytes, prefix: str) -> bytes | None:
    """Value of a Subject field with the prefix before it; None where it is there already.

    It is there also behind Re:, Fwd: and other tags, and in encoded words.  Only the prefix is encoded (RFC 2047); the
    rest stays octet for octet, but for the blanks before it.
    """
    prefix = one_line(prefix)
    if not prefix.strip() or _has_prefix(decode_words(value[:_MAX_SEEN]), prefix):
        return None
    rest = value.lstrip(_BLANKS)
    if not rest:
        return b" " + encode_words(prefix)
    return _joined(prefix, rest)


def _has_prefix(subject: str, prefix: str) -> bool:
    wanted = _folded(prefix)
    subject = _folded(subject)
    for _ in range(_MAX_PREFIXES):
        if subject.startswith(wanted):
            return True
        match = _PREFIX.match(subject)
        if match is None:
            return False
        subject = subject[match.end() :]
    return False


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _joined(prefix: str, rest: bytes) -> bytes:
    before_word = rest.startswith(b"=?")
    ends_blank = prefix[-1:].isspace()
    # White space between two encoded words is not shown, and none may be left out before one.
    is_whole = before_word and (not ends_blank or not prefix.rsplit(maxsplit=1)[-1].isascii())
    new = encode_words(prefix, whole=is_whole)
    last = new.rpartition(b"\r\n")[2]
    is_word = last.endswith(b"?=")
    gap = b" " if ends_blank or is_whole or is_word else b""
    first_line = len(_NAME) if b"\r\n" not in new else 0
    if gap and first_line + len(last) + 2 + len(rest.partition(b"\r\n")[0]) > MAX_LINE:
        gap = b"\r\n "
    return b" " + new + gap + rest
