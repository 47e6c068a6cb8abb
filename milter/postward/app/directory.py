# SPDX-License-Identifier: GPL-3.0-or-later
"""Open the directory: in the process that asks it, for threads and connections do not survive a fork."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.directory.directory import Directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.app.directory_settings import DirectoryPlan, RedisDirectorySettings
    from postward.directory.ldap.settings import LdapSettings
    from postward.directory.source import Source, SourceFailure
    from postward.directory.sql.settings import SqlSettings


def open_directory(
    plan: DirectoryPlan, on_failure: Callable[[str, SourceFailure], None] = lambda _source, _failure: None
) -> Directory:
    """Make the directory; it connects when it is first asked, and is to be closed.

    ``on_failure`` is told which source failed when it was asked, and how.
    """
    return Directory(tuple(_sources(plan)), plan.look_up, on_failure=on_failure)


def _sources(plan: DirectoryPlan) -> Iterator[Source]:
    for name in plan.order:
        if name == "files" and plan.files is not None:
            yield plan.files
        elif name == "redis" and plan.redis is not None:
            yield _redis(plan.redis, plan)
        elif name == "sql" and plan.sql is not None:
            yield _sql(plan.sql)
        elif name == "ldap" and plan.ldap is not None:
            yield _ldap(plan.ldap)


def _redis(settings: RedisDirectorySettings, plan: DirectoryPlan) -> Source:
    from postward.directory.redis import RedisSource  # noqa: PLC0415 - most directories need no such client
    from postward.store.directory_reader import DirectoryReader  # noqa: PLC0415 - the same

    return RedisSource(
        DirectoryReader(
            settings.target,
            prefix=settings.prefix,
            timeout_s=plan.look_up.timeout_s,
            connections=plan.look_up.threads,
        )
    )


def _sql(settings: SqlSettings) -> Source:
    from postward.directory.sql.source import SqlSource  # noqa: PLC0415 - the library is optional

    return SqlSource(settings)


def _ldap(settings: LdapSettings) -> Source:
    from postward.directory.ldap.source import LdapSource  # noqa: PLC0415 - the library is optional

    return LdapSource(settings)
