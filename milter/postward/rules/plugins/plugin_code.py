# SPDX-License-Identifier: GPL-3.0-or-later
"""Run what somebody else has written: the plugin runner, in a worker, in a plugin process, and while files are loaded.

One of the four places that catch every exception: a defect of a plugin's is one of the plugin, and not of the mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


def run_plugin_code(
    work: Callable[[], _T], failed: Callable[[BaseException], _T], *, also: tuple[type[BaseException], ...] = ()
) -> _T:
    """Give what ``work`` returns, or what ``failed`` makes of its error; ``also`` are errors that end a program."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the plugin runner
        return failed(error)
    except also as error:
        return failed(error)
