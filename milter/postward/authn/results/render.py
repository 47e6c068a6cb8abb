# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the value of an Authentication-Results field (RFC 8601 section 2.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.authn.results.clean import clean_text, clean_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.authn.results.method_result import MethodResult

MAX_LINE_CHARACTERS = 78
"""RFC 5322 section 2.1.1; a single long value may need more, but never 998."""
MAX_RESULTS = 128
"""Results that are written at most: those of 100 signatures, the most that can be configured, and all others."""

_NAME_CHARACTERS = len("Authentication-Results: ")
_NEW_RESULT = "\r\n\t"
_SAME_RESULT = "\r\n\t  "
# A subset of RFC 2045's token, or [local-part] "@" domain-name, that every reader takes for one word.
_PLAIN = r"[A-Za-z0-9!#$&*+._-]"
_UNQUOTED = re.compile(rf"{_PLAIN}++|{_PLAIN}*+@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)*+")


def render(authserv_id: str, results: Sequence[MethodResult], *, smtputf8: bool = False) -> bytes:
    """Write one field's value: folded, without leading space and closing CRLF.

    Whatever the results hold, the field says exactly them: every value that is not a plain word is quoted, one over
    320 octets or empty is left out, and control characters become question marks, as does all that is not ASCII unless
    ``smtputf8`` says that the message may carry it (RFC 6532).
    """
    groups = [_words(result, smtputf8=smtputf8) for result in results[:MAX_RESULTS]] or [["none"]]
    identity = _quoted_if_needed(clean_value(authserv_id, smtputf8=smtputf8) or "unknown")
    value = ";".join([identity, *map(_folded, groups)])
    if len(groups) == 1:
        one_line = value.replace(_NEW_RESULT, " ", 1)
        value = one_line if _NAME_CHARACTERS + len(one_line) <= MAX_LINE_CHARACTERS else value
    return value.encode()


def _words(result: MethodResult, *, smtputf8: bool) -> list[str]:
    """The pieces of one result between which a line may be folded."""
    words = [f"{result.method}={result.result}"]
    comment = clean_text(result.comment, smtputf8=smtputf8)
    if comment:
        words.extend(f"({comment})".split(" "))
    reason = clean_text(result.reason, smtputf8=smtputf8)
    if reason:
        words.append(f'reason="{reason}"')
    words.extend(_properties(result, smtputf8=smtputf8))
    return words


def _properties(result: MethodResult, *, smtputf8: bool) -> Iterator[str]:
    for ptype, name, text in result.properties:
        value = clean_value(text, smtputf8=smtputf8)
        # Some readers cannot read past an empty value.
        if value:
            yield f"{ptype}.{name}={_quoted_if_needed(value)}"


def _quoted_if_needed(value: str) -> str:
    if _UNQUOTED.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _folded(words: Sequence[str]) -> str:
    """Join the words of one result, which starts a line of its own."""
    pieces = [_NEW_RESULT, words[0]]
    width = len(_NEW_RESULT) + len(words[0])
    for word in words[1:]:
        width += 1 + len(word)
        # The CRLF of the fold takes no room on the line; the semicolon that may follow does.
        if width - len("\r\n") < MAX_LINE_CHARACTERS:
            pieces += (" ", word)
        else:
            pieces += (_SAME_RESULT, word)
            width = len(_SAME_RESULT) + len(word)
    return "".join(pieces)
