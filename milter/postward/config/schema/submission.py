# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``submission``: what our own users may send, and what is added to it."""

from __future__ import annotations

from typing import Literal

from postward.config.schema.section import Section, key


class SubmissionSection(Section):
    """Mail of our own users: who may send as whom, by the directory, and what such mail must have."""

    on_envelope_mismatch: Literal["reject", "hold", "replace", "accept"] = key(
        "For an envelope sender that the directory does not let the login, or the client network, use: reject answers"
        " 550 5.7.1, hold has the MTA hold the message, replace puts the sender's own address in its place and rejects"
        " where there is none, accept lets it go.  Without a directory nobody is judged.",
        default="reject",
    )
    on_from_mismatch: Literal["report", "reject", "hold", "replace"] = key(
        "The same for the addresses in From.  report lets the message go with a Sender field that names the sender's"
        " own address, and does not sign it; replace keeps the display name.",
        default="report",
    )
    on_multiple_from: Literal["reject", "accept"] | None = key(
        "For several From fields, or several addresses in From: reject answers 550 5.6.0, accept lets the message go"
        " without a signature; null rejects only mail of senders whom the directory judges.",
        default=None,
    )
    on_directory_failure: Literal["defer", "accept"] = key(
        "When the directory does not answer: defer answers 451, accept lets the message go without a signature.",
        default="defer",
    )
    complete: bool = key("Add Date and Message-ID where the message has none (RFC 6409 section 8).", default=True)
