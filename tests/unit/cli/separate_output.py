# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands inside this process, standard error apart from standard output."""

from __future__ import annotations

import inspect

from click.testing import CliRunner


def command_runner() -> CliRunner:
    """Up to click 8.1, which Debian 13 has, they come mixed unless one asks; later there is nothing to ask."""
    if "mix_stderr" in inspect.signature(CliRunner).parameters:
        return CliRunner(mix_stderr=False)
    return CliRunner()
