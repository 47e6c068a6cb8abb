# SPDX-License-Identifier: GPL-3.0-or-later
"""Knock at a milter's socket as an MTA does, and say in words what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.negotiation import probe_milter

if TYPE_CHECKING:
    from postward.model.milter_socket import MilterSocket

_TIMEOUT_S = 5.0


def knock(endpoint: MilterSocket) -> str:
    """Connect and negotiate; "" where a milter answers, else why not, in words.  Bounded by a few seconds."""
    try:
        probe_milter(endpoint, _TIMEOUT_S)
    except TimeoutError:
        return "no answer in time"
    except OSError as error:
        return error.strerror or str(error)
    return ""
