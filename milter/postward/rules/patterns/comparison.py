# SPDX-License-Identifier: GPL-3.0-or-later
"""The form in which text is compared: without regard to case, to how an accent is encoded, and to white space."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Text in the form in which it is compared; patterns alone see it as it is."""
    return " ".join(folded_case(text).split())


def folded_case(text: str) -> str:
    """The same for text whose white space is single spaces already."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text.casefold())
