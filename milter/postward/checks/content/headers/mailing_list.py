# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message came over a mailing list, which explains much that would be odd otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter

_MARKS = (b"list-id", b"list-post", b"mailing-list", b"x-beenthere", b"x-mailing-list")


def is_list_mail(letter: Letter) -> bool:
    """Tell it by the fields that lists add (RFC 2369, RFC 2919, and what came before); anybody can write them."""
    return letter.headers.has_any(_MARKS)
