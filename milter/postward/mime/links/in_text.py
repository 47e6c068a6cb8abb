# SPDX-License-Identifier: GPL-3.0-or-later
"""The URLs that a reader's program makes links of in text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.mime.html.view import MAX_URL_CHARACTERS
from postward.mime.links.top_levels import looks_public

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = ("/", "\\", "www.", "mailto:")
_ALONE = frozenset({"www", "mailto"})
"""What is left of these where nothing follows."""
_SCHEMES = ("https", "http", "ftp")
_LONGEST_SCHEME = 5
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-."
_MAX_NAME = 253
_NOT_BEFORE_NAMES = frozenset("@_/\\:%=&")
# Neither blanks nor what stands around a URL; quotes and brackets of other scripts end it too.
_REST = re.compile(
    r"[^\s<>\"\x00-\x1f\x7f\u2018-\u201f\u2039\u203a\u00ab\u00bb\u3000-\u3003\u3008-\u3011\uff08\uff09\uff1c\uff1e]*+"
)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_LAST = ".,;:!?'*_~|)]}"


def urls_in(text: str) -> Iterator[str]:
    """In their order, with a scheme: ``www.`` and names with a path get that which readers add."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text  # some letters become two, and places would differ
    done = 0
    for mark in _marks(lower):
        if mark < done:
            continue
        begin, scheme = _beginning(lower, mark, done)
        if begin < 0:
            done = mark + 1
            continue
        rest = _REST.match(text, begin)
        done = max(mark + 1, rest.end() if rest is not None else 0)
        url = _trimmed(text[begin : min(done, begin + MAX_URL_CHARACTERS)])
        if url.lower() not in _ALONE:
            yield scheme + url


def _marks(lower: str) -> list[int]:
    """Where something stands that a URL has; of slashes in a row the first."""
    marks: list[int] = []
    for word in _MARKS:
        at, before = lower.find(word), -2
        while at >= 0:
            if at != before + 1 or len(word) > 1:
                marks.append(at)
            before = at
            at = lower.find(word, at + 1)
    return sorted(marks)


def _beginning(lower: str, mark: int, done: int) -> tuple[int, str]:
    """Where the URL begins that has the mark, and what is missing before it; -1 for none."""
    if lower[mark] not in "/\\":
        is_inside = mark > 0 and (lower[mark - 1].isalnum() or lower[mark - 1] in _NOT_BEFORE_NAMES)
        return (-1, "") if is_inside and lower[mark] == "w" else (mark, "" if lower[mark] == "m" else "http://")
    if mark > done and lower[mark - 1] == ":":
        before = lower[max(done, mark - 1 - _LONGEST_SCHEME) : mark - 1]
        scheme = next((scheme for scheme in _SCHEMES if before.endswith(scheme)), None)
        return (-1, "") if scheme is None else (mark - 1 - len(scheme), "")
    return _bare(lower, mark, done)


def _bare(lower: str, slash: int, done: int) -> tuple[int, str]:
    """A name with a path, which readers make a link of as well."""
    before = lower[max(done, slash - _MAX_NAME - 1) : slash]
    name = before[len(before.rstrip(_NAME_CHARACTERS)) :]
    if not looks_public(name):
        return -1, ""
    begin = slash - len(name)
    is_inside = begin > 0 and (lower[begin - 1].isalnum() or lower[begin - 1] in _NOT_BEFORE_NAMES)
    return (-1, "") if is_inside else (begin, "http://")


def _trimmed(url: str) -> str:
    """Without what belongs to the sentence: a bracket that was opened within stays."""
    end = len(url)
    while end and url[end - 1] in _LAST:
        opening = _PAIRS.get(url[end - 1])
        if opening is not None and url.count(opening, 0, end) >= url.count(url[end - 1], 0, end):
            break
        end -= 1
    return url[:end]
