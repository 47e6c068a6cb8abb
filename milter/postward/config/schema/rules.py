# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``rules``: transport rules, and the plugins that they may name."""

from __future__ import annotations

from postward.config.schema.path import Directory, parse_directory
from postward.config.schema.section import Section, key

_MEGABYTE = 1024 * 1024


class RulesSection(Section):
    """Transport rules, as YAML and as Python (docs/writing-rules.md)."""

    enabled: bool = key("Evaluate the rules; false is as if there were none.", default=True)
    folder: Directory = key(
        "Directory whose *.yaml files are the rules; it need not exist.",
        default=parse_directory("/etc/postward/rules.d"),
    )
    plugin_path: tuple[Directory, ...] = key(
        "Directories of plugins of your own (*.py); those that Postward ships are found without.",
        default=(parse_directory("/etc/postward/plugins"),),
    )
    entry_points: bool = key("Find plugins of installed Python packages too (group postward.rules).", default=False)
    budget_s: float = key(
        "Seconds that all rules together may take for one message; those left then take their on_error.",
        default=20.0,
        least=0.1,
        most=600,
    )
    max_inspected_bytes: int = key(
        "Of a larger body the parts are not looked into; rules see it as uninspectable.",
        default=50 * _MEGABYTE,
        least=0,
        most=2_048 * _MEGABYTE,
    )
    text_bytes: int = key("Of the text of a message so much is searched.", default=_MEGABYTE, least=1_024)
    plugin_processes: int = key(
        "Processes for plugins of your own, in each worker; none are started without such plugins.",
        default=1,
        least=1,
        most=64,
    )
    plugin_memory_bytes: int = key(
        "Address space of such a process; a plugin that wants more has failed.",
        default=512 * _MEGABYTE,
        least=64 * _MEGABYTE,
    )
    keep_failed: bool = key(
        "Keep messages on which a plugin failed in state_dir/failed, readable for Postward alone, for seven days.",
        default=False,
    )
