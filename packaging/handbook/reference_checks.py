# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reference/checks.md: every check, by its name in logs and metrics."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from handbook.markdown import NOTE, code, inline, table
from postward.checks import arc, dkim, dmarc, dns_lists, iprev, scanners, sender, spf
from postward.checks.content import content
from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.config.description import described
from postward.observability.families import CHECKS
from postward.pipeline import greylist_stage, quota_stage, reputation_stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from postward.checks.content.content_check import ContentCheck

_HEAD = """\
# Checks

A check establishes facts about a message and decides nothing: what it finds are [symbols](symbols.md), whose
weights make up the score. The names stand in log lines, metrics and `not_checked`.
"""
_WHERE: dict[str, ModuleType] = {
    "spf": spf, "spf_helo": spf, "dkim": dkim, "arc": arc, "dmarc": dmarc, "iprev": iprev, "sender": sender,
    "content": content, "dns_lists": dns_lists, "clamav": scanners, "spamassassin": scanners, "rspamd": scanners,
    "reputation": reputation_stage, "greylisting": greylist_stage, "quota": quota_stage,
}  # fmt: skip
_BY_SECTION = {"content", "clamav", "spamassassin", "rspamd"}
"""Of these the configuration says more than the code that asks them."""
_SECTIONS = {"spf_helo": "spf", "sender": "submission", "quota": "quotas"}
"""Where the section of the configuration has another name than the check."""
_SECTION_MEANINGS = {item.name: item.meaning for item in described() if item.is_section and not item.level}


def checks_page() -> str:
    """Its text."""
    if set(_WHERE) != CHECKS:
        raise LookupError(f"the page of checks is not complete: {', '.join(set(_WHERE) ^ CHECKS)}")
    rows = ((code(name), inline(_meaning(name, module)), _section(name)) for name, module in _WHERE.items())
    return "\n".join(
        (
            NOTE,
            _HEAD,
            table(("check", "what it establishes", "configured by"), rows),
            "## Checks of the header\n",
            "They are part of the check `content`.\n",
            _content_table(HEADER_CHECKS),
            "## Checks of the body\n",
            "These as well.\n",
            _content_table(BODY_CHECKS),
        )
    )


def _content_table(checks: Iterable[ContentCheck]) -> str:
    return table(
        ("check", "what it looks for", "symbols"),
        (
            (
                code(check.name),
                inline(_first_sentence(sys.modules[check.find.__module__])),
                ", ".join(code(symbol.name) for symbol in check.symbols),
            )
            for check in checks
        ),
    )


def _meaning(check: str, module: ModuleType) -> str:
    return _SECTION_MEANINGS[check] if check in _BY_SECTION else _first_sentence(module)


def _section(check: str) -> str:
    name = _SECTIONS.get(check, check)
    if name not in _SECTION_MEANINGS:
        raise LookupError(f"there is no section {name} for the check {check}")
    return f"[{code(name)}](configuration.md#{name})"


def _first_sentence(module: ModuleType) -> str:
    """What the module says of itself."""
    return (module.__doc__ or "").partition("\n\n")[0]
