# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward rules``: check, show, try and replay transport rules."""

from __future__ import annotations

import click

from postward.cli.lazy_group import LazyGroup

_COMMANDS = {
    "lint": "Find faults, and what is probably not meant.",
    "order": "Show the rules in the order in which they are asked.",
    "test": "Run the tests beside the rules, or the rules on one message.",
    "explain": "Say for each condition what was asked, and what was seen.",
    "replay": "Ask the rules about stored mail, and compare them with others.",
}


@click.group(cls=LazyGroup, commands_help=_COMMANDS, modules="postward.cli.rules_")
def rules() -> None:
    """Check, show, try and replay transport rules (rules.d beside postward.yaml)."""
