# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that every source of the directory answers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok
from postward.app.directory import open_directory
from postward.errors import DirectoryUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.diagnose.finding import Finding
    from postward.app.directory_settings import DirectoryPlan
    from postward.directory.source import SourceFailure

CHECK = "directory"
# RFC 2606 and RFC 5737: nobody has these.
_NO_DOMAIN = "postward-check.invalid"
_NO_CLIENT = IPv4Address("192.0.2.1")


def check_directory(plan: DirectoryPlan) -> Iterator[Finding]:
    """Ask each source that has to be waited for; nothing where there is none."""
    for name in plan.order:
        if name == "files" or getattr(plan, name) is None:
            continue
        failure = _ask(replace(plan, order=(name,)))
        if failure is None:
            yield ok(CHECK, f"{name} answers")
        else:
            yield error(CHECK, f"{name}: {failure}", f"see directory.{name}; mail is put off while it does not answer")


def _ask(plan: DirectoryPlan) -> SourceFailure | None:
    """Put a question of each kind, for each may fail by itself; the first failure, or None."""
    failures: list[SourceFailure] = []
    directory = open_directory(plan, lambda _source, failure: failures.append(failure))
    try:
        with suppress(DirectoryUnavailable):
            directory.domain(_NO_DOMAIN)
            directory.sender(f"nobody@{_NO_DOMAIN}", None)
            directory.sender("", _NO_CLIENT)
            directory.probe(f"nobody@{_NO_DOMAIN}")
            directory.people()
    finally:
        directory.close()
    return failures[0] if failures else None
