# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the transport rules as a reload would: compiled, and their tests run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.finding import ok, warning
from postward.app.rule_loading import check_tests, load_rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration

_CHECK = "rules"


def check_rules(config: Configuration) -> Iterator[Finding]:
    """Say how many there are; nothing of none, unless they are missed.  Raises ConfigErrors where one is wrong."""
    loaded = load_rules_of(config)
    check_tests(loaded)
    count, doubtful = len(loaded.rule_set.rules), len(loaded.rule_set.warnings)
    if not count and not doubtful:
        return
    rules = f"{count} rule{'' if count == 1 else 's'}"
    if doubtful:
        told = f"{doubtful} warning{'' if doubtful == 1 else 's'}"
        yield warning(_CHECK, f"{rules} can be used, with {told}", "postward rules lint tells them")
    else:
        yield ok(_CHECK, f"{rules} can be used")
