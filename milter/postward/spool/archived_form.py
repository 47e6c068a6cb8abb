# SPDX-License-Identifier: GPL-3.0-or-later
"""A message as archives keep it: with the envelope above it, which the header does not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSAFE = re.compile(rb"[\x00-\x20\x7f<>,]")


def archived_form(content: bytes, *, sender: str, recipients: Sequence[str], rule: str) -> bytes:
    """Put Return-Path and a field for each envelope recipient above the message, which stays octet for octet."""
    fields = [b"Return-Path: <" + _path(sender) + b">"]
    fields += [b"X-Envelope-To: <" + _path(recipient) + b">" for recipient in recipients]
    fields.append(b"X-Postward-Archived: rule=" + _path(rule))
    return b"".join(field + b"\r\n" for field in fields) + content


def _path(text: str) -> bytes:
    """An envelope address that cannot end its field."""
    return _UNSAFE.sub(b"?", text.encode("utf-8", "surrogateescape"))
