# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether Postfix knows the routes that rules may send mail by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, warning
from postward.app.mta_lines.route_lines import ROUTES_FILE, TAKING, RouteTable, route_table, taking_table, with_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from postward.app.diagnose.finding import Finding
    from postward.app.mta_lines.postfix_host import PostfixHost
    from postward.config import Configuration

_CHECK = "postfix.routes"
_LINES = "`postward mta postfix` prints the lines and the tables for this host"


def check_routes(host: PostfixHost, config: Configuration) -> Iterator[Finding]:
    """Find out whether routed mail would go the usual way, or wait for somebody."""
    if not config.routes:
        return
    table, named = route_table(config), host.written.get(TAKING, "")
    if with_table(taking_table(host.config_directory), named) != named:
        message = f"mail that rules send by another way goes the usual one: {TAKING} does not name the table of routes"
        yield error(_CHECK, message, _LINES)
    elif table.problem:
        yield warning(_CHECK, f"whether Postfix knows the routes cannot be told: {table.problem}", "run this as root")
    else:
        yield from _content(host.config_directory / ROUTES_FILE, table)


def _content(path: Path, table: RouteTable) -> Iterator[Finding]:
    try:
        written = path.read_text("utf-8", "replace").splitlines()
    except OSError as failure:
        yield error(_CHECK, f"{path}: {failure.strerror}: Postfix takes no mail without it", _LINES)
        return
    if _rules(written) != _rules(table.taking_lines):
        message = f"{path} is not of these routes: mail that it does not know is put on hold, or goes where it says"
        yield error(_CHECK, message, _LINES)


def _rules(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if line and not line.startswith("#")]
