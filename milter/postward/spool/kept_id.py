# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of kept messages: nobody can guess one, and none can lead anywhere but to its own file."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from postward.spool.errors import NoSuchMessageError

if TYPE_CHECKING:
    from collections.abc import Callable

_RANDOM_OCTETS = 10
_FORM = re.compile(r"[a-z2-7]{16}", re.ASCII)


def new_id(random: Callable[[int], bytes]) -> str:
    """Make a name of 80 random bits; ``random`` gives that many octets."""
    return base64.b32encode(random(_RANDOM_OCTETS)).decode("ascii").lower()


def checked_id(text: str) -> str:
    """``text`` where it has the form of a name; raises NoSuchMessageError otherwise."""
    if not _FORM.fullmatch(text):
        raise NoSuchMessageError("that is no id of a kept message: an id is 16 letters and digits")
    return text


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of a name."""
    return _FORM.fullmatch(text) is not None
