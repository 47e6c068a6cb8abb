# SPDX-License-Identifier: GPL-3.0-or-later
"""``keys.yaml``, the manifest of one domain's signing keys, read strictly."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import PlainValidator, model_validator

from postward.config.loader import load_section
from postward.config.schema.domain import Domain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, checked_text, fault

if TYPE_CHECKING:
    from pathlib import Path

    from postward.config.source import Source

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,254}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def _parse_file_name(value: object) -> str:
    text = checked_text(value)
    if not _FILE_NAME.fullmatch(text):
        raise fault("is no name of a file beside the manifest", "letters, digits, and _ - . within")
    return text


def _parse_time(value: object) -> int | None:
    """Unix time in seconds."""
    if value is None:
        return None
    text = checked_text(value)
    try:
        # The expression first, for strptime takes a month of one digit too.
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z") if _TIME.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise fault("is no time in UTC", "write it as 2026-11-24T12:00:00Z")
    return int(moment.timestamp())


_FileName = Annotated[str, PlainValidator(_parse_file_name)]
_Time = Annotated[int | None, PlainValidator(_parse_time)]


class KeyManifestEntry(Section):
    """One key; its times are Unix times in seconds."""

    selector: Domain
    file: _FileName
    signs_from: _Time = None
    signs_until: _Time = None
    removable_from: _Time = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.signs_from is not None and self.signs_until is not None and self.signs_until <= self.signs_from:
            raise fault("signs_until is not after signs_from", "a key that never signs has no place here")
        return self


class KeyManifestSection(Section):
    """The whole file."""

    domain: Domain
    keys: tuple[KeyManifestEntry, ...] = ()

    @model_validator(mode="after")
    def _selectors_differ(self) -> Self:
        selectors = [entry.selector for entry in self.keys]
        twice = next((selector for selector in selectors if selectors.count(selector) > 1), None)
        if twice is not None:
            raise fault(f"selector {twice} stands twice", "each key needs a selector of its own")
        return self


def load_key_manifest(path: Path) -> tuple[KeyManifestSection, Source]:
    """Read a manifest, and where its values stand; raises ConfigErrors."""
    return load_section(path, KeyManifestSection)
