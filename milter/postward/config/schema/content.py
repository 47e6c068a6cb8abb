# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``content``: how messages are looked into for what speaks against them."""

from __future__ import annotations

from postward.config.schema.section import Section, key


class ContentSection(Section):
    """Checks of header and content: forged names, hidden text, dangerous attachments and the like."""

    enabled: bool = key("Look into messages from outside; `postward symbols` tells what may be found.", default=True)
    max_inspected_bytes: int = key(
        "Bytes of a body; a larger one is not looked into, and only the header is checked.",
        default=10_000_000,
        least=65_536,
        most=100_000_000,
    )
