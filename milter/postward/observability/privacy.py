"""How much of a mail address a log may show."""

from __future__ import annotations

import re
from enum import StrEnum


class AddressPrivacy(StrEnum):
    """The operator's choice."""

    FULL = "full"
    DOMAIN = "domain"
    """The domain with its ``@``, without the local part."""
    NONE = "none"


_LOCAL_PART = re.compile(r"[^\s<>()\[\],;:\"'=@]{1,64}@")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'=@]{0,64}@[^\s<>()\[\],;:\"'=@]{1,255}")


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
    return _LOCAL_PART.sub("…@", text) if privacy is AddressPrivacy.DOMAIN else _ADDRESS.sub("…", text)
