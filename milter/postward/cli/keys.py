# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward keys``: the keys that sign."""

from __future__ import annotations

import click

from postward.cli.keys_import import import_keys
from postward.cli.keys_new import new
from postward.cli.keys_rotate import rotate
from postward.cli.keys_show import dns, list_keys, test


@click.group()
def keys() -> None:
    """Make, publish, test and rotate the keys that sign (signing.keys_dir)."""


for _command in (new, list_keys, dns, test, rotate, import_keys):
    keys.add_command(_command)
