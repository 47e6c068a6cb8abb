# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever holds the directory of the contract tests: how to ask it, and how to make it hang or end."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from postward.directory.entry import DomainEntry
from postward.directory.ldap.source import LdapSource
from postward.directory.redis import RedisSource
from postward.directory.sql.source import SqlSource
from postward.directory.table import DomainRecord, Table
from postward.model.redis_url import parse_redis_url
from postward.store.directory_reader import DirectoryReader
from tests.directory_servers import ldap_data, redis_data, sql_data
from tests.mailhost.stopped import go_on, hang
from tests.unit.directory.records import EXAMPLE_COM, EXAMPLE_ORG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postward.directory.source import Source
    from tests.directory_servers.postgresql import PostgreSql
    from tests.directory_servers.slapd import Slapd
    from tests.mailhost.redis_server import RedisServer

_BOOKS = DomainRecord(entry=DomainEntry(name="xn--bcher-kva.example", tenant="books"))


class Holder(Protocol):
    """One holder."""

    def source(self, timeout_s: float) -> Source: ...

    def hang(self) -> None: ...

    def go_on(self) -> None: ...

    def stop(self) -> None: ...

    def start(self) -> None: ...


class Files:
    """Held in memory: it can neither hang nor end."""

    def source(self, timeout_s: float) -> Source:
        return Table([EXAMPLE_COM, EXAMPLE_ORG, _BOOKS])


@dataclass
class PostgreSqlHolder:
    server: PostgreSql

    def source(self, timeout_s: float) -> Source:
        return SqlSource(sql_data.settings(self.server.url, timeout_s))

    def hang(self) -> None:
        self.server.hang()

    def go_on(self) -> None:
        self.server.go_on()

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()


@dataclass
class SlapdHolder:
    server: Slapd

    def source(self, timeout_s: float) -> Source:
        return LdapSource(ldap_data.settings(self.server.url, timeout_s))

    def hang(self) -> None:
        self.server.hang()

    def go_on(self) -> None:
        self.server.go_on()

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()


@dataclass
class RedisHolder:
    server: RedisServer

    def source(self, timeout_s: float) -> Source:
        reader = DirectoryReader(
            parse_redis_url(self.server.url), prefix=redis_data.PREFIX, timeout_s=timeout_s, connections=4
        )
        return RedisSource(reader)

    def hang(self) -> None:
        hang(self.server.pid)

    def go_on(self) -> None:
        go_on(self.server.pid)

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        """It keeps nothing, so it is filled again."""
        self.server.start()
        redis_data.fill(self.server.url)


class SqliteHolder:
    """A file; it hangs for whoever meets another's lock, and is down while it has no tables."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: sqlite3.Connection | None = None

    @property
    def url(self) -> str:
        return f"sqlite:///{self._path}"

    def source(self, timeout_s: float) -> Source:
        return SqlSource(sql_data.settings(self.url, timeout_s))

    def hang(self) -> None:
        self._lock = sqlite3.connect(self._path, isolation_level=None)
        self._lock.execute("BEGIN EXCLUSIVE")

    def go_on(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def stop(self) -> None:
        """Its tables are called otherwise."""
        sql_data.rename_tables(self.url, "{}", "{}_away")

    def start(self) -> None:
        sql_data.rename_tables(self.url, "{}_away", "{}")


@contextmanager
def hanging(holder: Holder) -> Iterator[None]:
    """Make it hang for a while."""
    holder.hang()
    try:
        yield
    finally:
        holder.go_on()


@contextmanager
def stopped(holder: Holder) -> Iterator[None]:
    """End it for a while."""
    holder.stop()
    try:
        yield
    finally:
        holder.start()
