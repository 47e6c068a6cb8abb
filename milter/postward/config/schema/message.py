# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``message``: bounds of one message, and what happens beyond them."""

from __future__ import annotations

from typing import Literal

from postward.config.schema.path import Directory, parse_directory
from postward.config.schema.section import Section, key


class MessageSection(Section):
    """Bounds of one message, and what happens when they are reached."""

    deadline_s: float = key("Seconds from the end of a message to its answer.", default=30.0, least=1, most=600)
    failure_action: Literal["accept", "tempfail"] = key(
        "At the deadline, or when Postward itself fails: accept lets the message pass with headers that say what"
        " was not checked; tempfail answers 451, and the client tries again.",
        default="accept",
    )
    progress_interval_s: float = key(
        "Seconds between the signs of life that keep the MTA waiting for a slow check; none is given where this is"
        " not less than deadline_s.",
        default=5.0,
        least=1,
        most=60,
    )
    max_concurrent: int = key(
        "Messages that one worker judges at the same time; most of that time they wait for DNS and for scanners.  More"
        " wait, or come again (section shedding).",
        default=128,
        least=1,
        most=1_024,
    )
    max_header_bytes: int = key(
        "Bytes of a message's header that are read; one with more gets the failure action.",
        default=1_048_576,
        least=65_536,
        most=16_777_216,
    )
    max_header_fields: int = key(
        "Header fields of a message that are read; one with more gets the failure action.",
        default=5_000,
        least=100,
        most=100_000,
    )
    max_body_bytes: int = key(
        "Bytes of a message's body that are read; of a longer one the signatures are not checked.",
        default=67_108_864,
        least=65_536,
        most=1_073_741_824,
    )
    body_memory_bytes: int = key(
        "Bytes of a body that are kept in memory; what comes after them goes to a file without a name in spool_dir.",
        default=1_048_576,
        least=65_536,
        most=1_073_741_824,
    )
    spool_dir: Directory = key(
        "Directory for the bodies of large messages while they are checked; best on a disk, not in memory.",
        default=parse_directory("/var/tmp"),  # noqa: S108 - the files have no name that anybody could guess
    )
