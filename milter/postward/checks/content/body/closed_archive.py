# SPDX-License-Identifier: GPL-3.0-or-later
"""Files behind a password, which no scanner opens, and the password in the text beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.mime.flags import ARCHIVE_DEPTH
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_LISTED = frozenset({"zip", "jar", "tar", "gzip", "bzip2", "xz", "ole", "xls", "doc", "ppt"})
_PASSWORD = re.compile(
    r"\b(?:pass ?(?:word|code|phrase)?|pwd|passwort|kennwort|mot de passe|contrase[ñn]a|senha|wachtwoord|has[łl]o"
    r"|parola|пароль|lösenord|adgangskode|salasana)\b"
    r"(?: (?:is|for|ist|to|the|archive|zip|file|est|es)){0,4} ?[:=\-–] ?\S",
    re.IGNORECASE,
)
_CHARACTERS = 20_000
_ENCRYPTED = SymbolDefinition(
    name="FILE_ENCRYPTED", score=0.3, group="attachments", meaning="an attachment cannot be opened without a password"
)
_GIVEN = SymbolDefinition(
    name="FILE_PASSWORD_IN_TEXT",
    score=0.5,
    group="attachments",
    meaning="the text gives the password of an attachment that nobody else can open",
)


def _find(letter: Letter) -> Iterator[Finding]:
    file = next(filter(_is_encrypted, letter.files), None)
    if file is None:
        return
    yield Finding(_ENCRYPTED.name, file.filename[:200])
    if _PASSWORD.search(letter.text[:_CHARACTERS]) is not None:
        yield Finding(_GIVEN.name)


def _is_encrypted(file: Part) -> bool:
    return file.true_type in _LISTED and file.archive(ARCHIVE_DEPTH).is_encrypted


CHECK = ContentCheck(name="closed_archive", symbols=(_ENCRYPTED, _GIVEN), find=_find)
