# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths, file modes and names of groups."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.section import checked_text, fault

_MODE = re.compile(r"0?[0-7]{3}")
_GROUP = re.compile(r"[a-z_][a-z0-9_-]{0,30}\$?")


def parse_directory(value: object) -> Path:
    """An absolute path."""
    if isinstance(value, Path):
        return value
    text = checked_text(value)
    if not text.startswith("/") or "\0" in text:
        raise fault("must be an absolute path")
    return Path(text)


def parse_mode(value: object) -> str:
    """Three octal digits, with or without a leading zero."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else checked_text(value)
    if not _MODE.fullmatch(text):
        raise fault("must be a file mode of three octal digits", 'write "0660"')
    return text


def parse_group(value: object) -> str | None:
    """The name of a group, or nothing."""
    if value is None:
        return None
    text = checked_text(value)
    if not _GROUP.fullmatch(text):
        raise fault("is no name of a group")
    return text


Directory = Annotated[Path, PlainValidator(parse_directory)]
FilePath = Annotated[Path, PlainValidator(parse_directory)]
FileMode = Annotated[str, PlainValidator(parse_mode)]
OptionalGroup = Annotated[str | None, PlainValidator(parse_group)]
