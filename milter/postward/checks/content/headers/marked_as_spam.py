# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody before us has called the message spam."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

# Behind Re: it is the answer of somebody who has read it.
_TAG = re.compile(
    r"\s*(?:[\[({<*#]{1,5} ?(?:possible |suspected |potential |bulk |junk )?(?:spam|junk|phishing|virus)(?:-?mail)?"
    r"[?!: 0-9.,]{0,12}[\])}>*#]{1,5}|(?:spam|junk):\s)",
    re.IGNORECASE,
)
_FLAGS = (b"x-spam-flag", b"x-spam", b"x-spam-flag-2")

TAG = SymbolDefinition(
    name="SUBJECT_TAGGED_SPAM",
    score=0.5,
    group="subject",
    meaning="another system has marked the subject as that of spam",
)
FLAG = SymbolDefinition(
    name="FLAGGED_SPAM", score=0.5, group="headers", meaning="another system has flagged the message as spam"
)


def _find(letter: Letter) -> Iterator[Finding]:
    if _TAG.match(letter.subject):
        yield Finding(TAG.name, shown(letter.subject))
    for key in _FLAGS if letter.headers.has_any(_FLAGS) else ():
        field = letter.headers.first(key)
        if field is not None and field.value.strip()[:4].lower() in {b"yes", b"true"}:
            yield Finding(FLAG.name)
            return


CHECK = ContentCheck(name="marked_as_spam", symbols=(TAG, FLAG), find=_find)
