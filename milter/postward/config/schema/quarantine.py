# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections ``quarantine`` and ``moderation``: messages that are kept back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import PlainValidator

from postward.config.schema.path import Directory, parse_directory
from postward.config.schema.section import Section, checked_text, fault, key

_MAX_URL_LENGTH = 500
_GIGABYTE = 1024 * 1024 * 1024


def parse_optional_folder(value: object) -> Directory | None:
    """An absolute path, or nothing."""
    return None if value is None else parse_directory(value)


def _parse_base_url(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    try:
        url = urlsplit(text)
        is_good = url.scheme in {"https", "http"} and bool(url.hostname) and not (url.query or url.fragment)
    except ValueError:
        is_good = False
    if not is_good or len(text) > _MAX_URL_LENGTH or not text.isascii() or not text.isprintable() or " " in text:
        raise fault("is no URL of a page", "write https://mail.example.com/moderation")
    return text


OptionalFolder = Annotated[Directory | None, PlainValidator(parse_optional_folder)]
_BaseUrl = Annotated[str | None, PlainValidator(_parse_base_url)]


class QuarantineSection(Section):
    """Postward's own quarantine, for messages that rules keep back (docs/quarantine.md)."""

    folder: OptionalFolder = key("Directory of the messages; null is quarantine in state_dir.", default=None)
    retention_days: int = key("Days after which a message is deleted.", default=30, least=1, most=3_650)
    max_messages: int = key(
        "Messages that are kept at most; while there are as many, mail that would be kept is answered 451.",
        default=10_000,
        least=1,
        most=1_000_000,
    )
    max_bytes: int = key(
        "Bytes that they may have together, with the same answer.",
        default=10 * _GIGABYTE,
        least=1024 * 1024,
        most=1024 * 1024 * _GIGABYTE,
    )


class ModerationSection(Section):
    """Messages that wait until a moderator lets them go on (docs/quarantine.md)."""

    folder: OptionalFolder = key("Directory of the messages; null is moderation in state_dir.", default=None)
    base_url: _BaseUrl = key(
        "Page to which the links in the notices to moderators lead, with ?token=... behind it; null gives them the"
        " commands instead.",
        default=None,
    )
    retention_days: int = key(
        "Days after which a message expires, whatever later time its rule says.", default=14, least=1, most=365
    )
    max_messages: int = key(
        "Messages that are held at most; while there are as many, mail that would be held is answered 451.",
        default=10_000,
        least=1,
        most=1_000_000,
    )
    max_bytes: int = key(
        "Bytes that they may have together, with the same answer.",
        default=2 * _GIGABYTE,
        least=1024 * 1024,
        most=1024 * 1024 * _GIGABYTE,
    )
