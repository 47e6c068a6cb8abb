# SPDX-License-Identifier: GPL-3.0-or-later
"""What our own users may send, from the section ``submission``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.submission import Mismatch, MultipleFrom, SubmissionSettings
from postward.authn.dmarc.mailboxes import mail_domain

if TYPE_CHECKING:
    from postward.config import Configuration


def submission_settings(config: Configuration, message_id_domain: str) -> SubmissionSettings:
    """Settings of submission; ``message_id_domain`` is the name of this host, or the one under which it reports.

    A host may call itself anything; what cannot stand in a Message-ID becomes ``localhost``.
    """
    submission = config.submission
    on_from, on_several = submission.on_from_mismatch, submission.on_multiple_from
    return SubmissionSettings(
        on_envelope_mismatch=Mismatch(submission.on_envelope_mismatch),
        on_from_mismatch=Mismatch.ACCEPT if on_from == "report" else Mismatch(on_from),
        on_multiple_from=MultipleFrom.REJECT_JUDGED if on_several is None else MultipleFrom(on_several),
        defer_on_directory_failure=submission.on_directory_failure == "defer",
        complete=submission.complete,
        message_id_domain=mail_domain(message_id_domain) or "localhost",
    )
