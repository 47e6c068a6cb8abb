# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m postward`` is the program ``postward``."""

from __future__ import annotations

from postward.cli.main import main

main()
