# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a signature does not count, as a value that can be raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.errors import PostwardError

if TYPE_CHECKING:
    from postward.model.dkim import DkimStatus


class SignatureError(PostwardError):
    """Ends the verification of one signature; never leaves ``verify_signatures`` or ``validate_chain``.

    The words (RFC 8601 section 2.7.1, which names them, and RFC 6376 section 3.9, which calls all of them PERMFAIL
    but the temporary one): ``neutral`` for a signature that cannot be read or has expired, ``permerror`` for one whose
    From, identity or key is not in order, ``policy`` for one that is not strong enough, ``temperror`` where DNS
    failed, ``fail`` where the content does not match.
    """

    def __init__(self, status: DkimStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
