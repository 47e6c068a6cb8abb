# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept messages for tests, and bounds that the system enforces."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.spool.kept_message import Decision, KeptMessage, Moderation
from postward.spool.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW_S = 1_800_000_000.0
CONTENT = b"From: a@example.org\r\nSubject: The minutes\r\n\r\nHello.\r\n"


def kept(**more: object) -> KeptMessage:
    """One message that a rule keeps."""
    message = KeptMessage(
        kind="quarantine",
        transaction_id="t1",
        queue_id="Q1",
        rule="dlp",
        reason="card numbers",
        sender="alice@example.org",
        return_path="alice@example.org",
        recipients=("bob@example.com",),
        client="192.0.2.9",
        direction="inbound",
        subject="The minutes",
        time_s=NOW_S,
    )
    return replace(message, **more)  # type: ignore[arg-type]


def held(**more: object) -> KeptMessage:
    """One message that waits for a moderator."""
    moderation = Moderation(moderators=("boss@example.org",), expires_s=NOW_S + 3_600, on_expire=Decision.BOUNCE)
    return kept(kind="moderate", **{"moderation": moderation, **more})


def notice(**more: object) -> Notice:
    """One thing to tell."""
    return replace(
        Notice(
            kind=NoticeKind.MATCH,
            to="admin@example.org",
            rule="dlp",
            sender="alice@example.org",
            recipients=("bob@example.com",),
            subject="The minutes",
            direction="inbound",
            time_s=NOW_S,
        ),
        **more,  # type: ignore[arg-type]
    )


@contextmanager
def files_of_at_most(octets: int) -> Iterator[None]:
    """Let the system refuse what makes a file larger, as it does where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
