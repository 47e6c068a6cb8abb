# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from postward.directory.directory import Directory
from postward.directory.settings import LookUpSettings
from tests.directory_servers import ldap_data, redis_data, sql_data
from tests.directory_servers.holders import Files, PostgreSqlHolder, RedisHolder, SlapdHolder, SqliteHolder
from tests.directory_servers.postgresql import PostgreSql
from tests.directory_servers.slapd import Slapd
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from postward.directory.source import SourceFailure
    from tests.directory_servers.holders import Holder

SERVERS = ("redis", "sqlite", "postgresql", "ldap")


class HandClock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def holders() -> Iterator[dict[str, Holder | Files]]:
    """All of them, started and filled once."""
    with ExitStack() as stack:
        folder: Path = stack.enter_context(Scratch())
        postgresql = stack.enter_context(PostgreSql(folder / "postgresql"))
        slapd = stack.enter_context(Slapd(folder / "slapd"))
        redis_server = stack.enter_context(RedisServer(folder / "redis"))
        sqlite = SqliteHolder(folder / "directory.db")
        sql_data.fill(sqlite.url)
        sql_data.fill(postgresql.url)
        ldap_data.fill(slapd.url)
        redis_data.fill(redis_server.url)
        yield {
            "files": Files(),
            "redis": RedisHolder(redis_server),
            "sqlite": sqlite,
            "postgresql": PostgreSqlHolder(postgresql),
            "ldap": SlapdHolder(slapd),
        }


@pytest.fixture
def failures() -> list[tuple[str, SourceFailure]]:
    """What was reported, by the name of the source."""
    return []


@pytest.fixture
def open_directory(clock, failures) -> Iterator[Callable[..., Directory]]:
    """Make directories on the hand clock that are closed at the end of the test."""
    with ExitStack() as stack:

        def open_one(*sources, **settings: float) -> Directory:
            directory = Directory(
                sources,
                LookUpSettings(**({"timeout_s": 20.0} | settings)),
                clock=clock,
                on_failure=lambda name, failure: failures.append((name, failure)),
            )
            stack.callback(directory.close)
            return directory

        yield open_one
