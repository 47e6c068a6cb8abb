"""Knock at a milter's socket as an MTA does, and say in words what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.negotiation import probe_milter
from postward.mta.address import parse_listen_address

if TYPE_CHECKING:
    from postward.config import InetSocket, UnixSocket

_TIMEOUT_S = 5.0


def knock(endpoint: UnixSocket | InetSocket) -> str:
    """Connect and negotiate; "" where a milter answers, else why not, in words.  Bounded by a few seconds."""
    try:
        probe_milter(parse_listen_address(str(endpoint)), _TIMEOUT_S)
    except TimeoutError:
        return "no answer in time"
    except OSError as error:
        return error.strerror or str(error)
    return ""
