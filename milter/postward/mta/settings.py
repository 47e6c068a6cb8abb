# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator may set about the milter server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FailureAction(StrEnum):
    """What becomes of a message that could not be judged, where even the engine's own fallback is not to be had."""

    ACCEPT = "accept"
    TEMPFAIL = "tempfail"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLimits:
    """How much of one message is kept; a message beyond any of these gets the failure action."""

    max_header_fields: int = 2_000
    max_header_bytes: int = 4 * 1024 * 1024
    max_body_bytes: int = 128 * 1024 * 1024
    max_recipients: int = 10_000
    body_memory_bytes: int = 1024 * 1024
    """How much of a body is kept in memory; what comes after it goes to a file."""
    spool_dir: str = "/var/tmp"  # noqa: S108 - the files have no name that anybody could guess
    """Where these files are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MtaSettings:
    """Times in seconds; ``deadline_s`` counts from the end of the message as the MTA sent it."""

    deadline_s: float = 60.0
    """After this long the failure action is taken, whatever the evaluation does."""
    recipient_deadline_s: float = 15.0
    """After this long a recipient is answered, whatever the directory does; an MTA waits 30 s for that."""
    progress_interval_s: float = 5.0
    """How often the MTA is told that a message is still being worked on."""
    failure_action: FailureAction = FailureAction.ACCEPT
    limits: MessageLimits = MessageLimits()
    max_threads: int = 128
    """Evaluations that may run (or, mostly, wait for DNS) at the same time in one worker."""
    mta_timeout_s: int = 7210
    """How long a silent MTA keeps its session; libmilter's own default."""
    retire_timeout_s: float = 600.0
    """How long a worker of an older generation may go on serving its open sessions."""
    heartbeat_timeout_s: float = 20.0
    """A worker that has not been heard of for this long hangs, and is killed."""
    start_timeout_s: float = 60.0
    """How long a new worker may take until it serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenSettings:
    """Where the MTA finds Postward."""

    listen: str
    """unix:PATH, inet:PORT@HOST or inet:HOST:PORT, inet6:..."""
    socket_mode: int | None = None
    """Permission bits of a Unix socket; None leaves them to the umask."""
    socket_group: str | None = None
    """Group that owns a Unix socket; None leaves it to the directory."""
    status_file: str | None = None
    """Where ``postward status`` finds the supervisor's view; None: beside a Unix socket, nowhere for TCP."""
