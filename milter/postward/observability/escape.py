# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from outside, made fit to stand on one line of a log or a terminal."""

from __future__ import annotations

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF
_FIRST_RAW_BYTE, _LAST_RAW_BYTE = 0xDC80, 0xDCFF


def shorten(text: str, max_chars: int) -> str:
    """Return ``text``, or its first ``max_chars`` characters and an ellipsis where it is longer."""
    return text if len(text) <= max_chars else text[:max_chars] + "…"


def escape(text: str, *, also: str = "") -> str:
    r"""Return ``text`` with each character that cannot be seen spelt out, and so those of ``also``.

    ``str.isprintable`` refuses just what can break or disguise a line: control characters, separators
    (U+2028, U+2029), format characters (bidirectional controls, zero width), surrogates and unassigned code
    points.  A byte that was not UTF-8 (PEP 383) becomes ``\xNN``.  A backslash is left alone unless named in
    ``also``.
    """
    if text.isprintable() and not any(character in text for character in also):
        return text
    return "".join(
        character if character.isprintable() and character not in also else spell(character) for character in text
    )


def spell(character: str) -> str:
    r"""Return one character as ``\n``, ``\xNN``, ``\uNNNN`` or ``\UNNNNNNNN``."""
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    if _FIRST_RAW_BYTE <= code <= _LAST_RAW_BYTE:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:  # noqa: PLR2004 - ASCII ends here
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - end of the basic plane


def without_surrogates(text: str) -> str:
    r"""Return ``text`` with what cannot be encoded spelt out: raw bytes as ``\xNN``, lone surrogates as ``\uNNNN``."""
    if text.isprintable() or not any(_FIRST_SURROGATE <= ord(character) <= _LAST_SURROGATE for character in text):
        return text
    return "".join(
        spell(character) if _FIRST_SURROGATE <= ord(character) <= _LAST_SURROGATE else character for character in text
    )
