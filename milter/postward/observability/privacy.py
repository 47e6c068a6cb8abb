# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a mail address a log may show."""

from __future__ import annotations

from enum import StrEnum


class AddressPrivacy(StrEnum):
    """The operator's choice."""

    FULL = "full"
    DOMAIN = "domain"
    """The domain with its ``@``, without the local part."""
    NONE = "none"


_DELIMITERS = frozenset(" \t\r\n<>()[],;:\"'=")


def show_address(address: str, privacy: AddressPrivacy) -> str | None:
    """Return what may be shown of an address or user name; None where that is nothing; the null path stays."""
    if privacy is AddressPrivacy.FULL or not address:
        return address
    if privacy is AddressPrivacy.NONE:
        return None
    _, at, domain = address.rpartition("@")
    return f"@{domain}" if at else "…"


def show_text(text: str, privacy: AddressPrivacy) -> str:
    """Return free text, such as a reason that quotes a header, with what looks like an address in it reduced."""
    if privacy is AddressPrivacy.FULL or "@" not in text:
        return text
    first, *others = text.split("@")
    if privacy is AddressPrivacy.NONE:
        return "…".join(
            (
                _without_tail(first),
                *(_without_tail(_without_head(piece)) for piece in others[:-1]),
                _without_head(others[-1]),
            )
        )
    return "…@".join((*(_without_tail(piece) for piece in (first, *others[:-1])), others[-1]))


def _without_tail(piece: str) -> str:
    """Return what stands before an ``@`` without the local part."""
    if piece.endswith('"'):
        return piece[: max(0, piece.rfind('"', 0, -1))]
    end = len(piece)
    while end and piece[end - 1] not in _DELIMITERS:
        end -= 1
    return piece[:end]


def _without_head(piece: str) -> str:
    """Return what stands after an ``@`` without the domain."""
    start = 0
    while start < len(piece) and piece[start] not in _DELIMITERS:
        start += 1
    return piece[start:]
