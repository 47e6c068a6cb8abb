# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a domain's TXT records is its SPF record (RFC 7208 section 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.spf.record import VERSION
from postward.errors import PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERSION = VERSION.encode()


def select_record(texts: Iterable[bytes]) -> str | None:
    """Find the one SPF record; None without any.

    Raises PermanentFailure where there are several, or where the one is not ASCII.
    """
    records = [text for text in texts if _is_spf(text)]
    if len(records) > 1:
        raise PermanentFailure("more than one SPF record")
    if not records:
        return None
    # RFC 7208 section 3.1: a record is ASCII; other TXT records are no business of ours.
    if not records[0].isascii():
        raise PermanentFailure("the SPF record is not ASCII")
    return records[0].decode("ascii")


def _is_spf(text: bytes) -> bool:
    """RFC 7208 section 4.5: exactly ``v=spf1`` in any case, then a space or the end of the record."""
    return text[: len(_VERSION)].lower() == _VERSION and text[len(_VERSION) : len(_VERSION) + 1] in (b"", b" ")
