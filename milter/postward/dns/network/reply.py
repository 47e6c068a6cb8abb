# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server said to one question, before it is judged and remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.dns.answer import Outcome, RecordData

_HOST_NAME = re.compile(r"[^\x00-\x20\x7f-\U0010ffff\"$();@\\]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one query ended."""

    outcome: Outcome
    records: tuple[RecordData, ...] = ()
    ttl_s: float | None = None
    """None where the library does not give it."""
    status: str = "SUCCESS"
    """The status in the words of c-ares, for statistics: ENOTFOUND, EREFUSED, EBADRESP…"""


def host_name(text: str | bytes) -> str | None:
    """Return a name from an answer in the form of ``Answer``; None where it holds octets that no host name has.

    c-ares writes such octets, a dot inside a label among them, with a backslash.
    """
    name = text if isinstance(text, str) else text.decode("latin-1")
    return name.removesuffix(".").lower() if _HOST_NAME.fullmatch(name) else None
