# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error of a plugin's says of itself: its class may be the plugin's own, and raise again."""

from __future__ import annotations

import traceback


def error_text(error: BaseException, most: int) -> str:
    """Give its text, bounded; never raises."""
    return str(traceback.TracebackException(type(error), error, None, lookup_lines=False, compact=True))[:most]
