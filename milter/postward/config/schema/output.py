# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``output``: the header fields that Postward adds and removes."""

from __future__ import annotations

from typing import Literal

from postward.config.schema.section import Section, key


class OutputSection(Section):
    """The header fields that Postward adds and removes."""

    authentication_results: bool = key("Add an Authentication-Results field (RFC 8601) at the top.", default=True)
    outbound_results: Literal["none", "auth", "login"] = key(
        "Authentication-Results of mail that our own users have sent after logging in: none; auth says that the sender"
        " has logged in (auth=pass); login says also as whom (smtp.auth), for every recipient to read.",
        default="none",
    )
    spam_headers: bool = key(
        "Add what the verdict is and why: X-Spam-Flag, X-Spam-Score, X-Spam-Status, X-Spam-Level, X-Virus-Status and"
        " X-Postward-Reason.",
        default=True,
    )
    remove_subdomain_results: bool = key(
        "Remove Authentication-Results fields under sub-domains of authserv_id too, not only those under itself or"
        " under no name.",
        default=False,
    )
