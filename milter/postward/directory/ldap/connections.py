# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to one LDAP server, each used by one thread at a time and kept for the next."""

from __future__ import annotations

import math
import ssl
import threading
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import ldap3
from ldap3.core import exceptions, results

from postward.directory.answers import bounded
from postward.directory.source import SourceFailure, UnusableAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postward.directory.ldap.settings import LdapSettings

_Answer = TypeVar("_Answer")
Entry = dict[str, list[bytes]]
"""The values of one entry, by attribute in lower case, and its name as ``dn``."""

_PAGE = 500
_PAGED_RESULTS = "1.2.840.113556.1.4.319"
"""RFC 2696: servers give so many entries at a time and no more."""

_BROKEN = (exceptions.LDAPException, OSError, ValueError, LookupError, TypeError)
"""What ldap3 raises; the last three where a server sends what is no LDAP."""


class LdapConnections:
    """Opened when they are needed, and thrown away after a failure; safe from every thread."""

    def __init__(self, settings: LdapSettings) -> None:
        self._settings = settings
        self._idle: list[ldap3.Connection] = []
        self._lock = threading.Lock()

    def search(self, query: str, attributes: Iterable[str], most: int) -> list[Entry]:
        """At most ``most`` entries below the base; raises UnusableAnswer where there are more, and SourceFailure.

        A connection that the server has closed meanwhile is replaced, once.
        """
        names = [*attributes] or ["1.1"]
        return self._ask(lambda connection: self._found(connection, query, names, most))

    def search_all(self, query: str, attributes: Iterable[str], most: int) -> list[Entry]:
        """The same for many entries, a page at a time."""
        names = [*attributes]
        return self._ask(lambda connection: bounded(self._pages(connection, query, names), most, "entries"))

    def read(self, name: str, attributes: Iterable[str]) -> Entry | None:
        """The entry of a distinguished name; None where there is none of that name, or it is no name."""
        names = [*attributes]
        return self._ask(lambda connection: self._named(connection, name, names))

    def _ask(self, question: Callable[[ldap3.Connection], _Answer]) -> _Answer:
        connection = self._take()
        try:
            if connection is not None:
                # The server ends idle connections, or was restarted.
                with suppress(exceptions.LDAPCommunicationError):
                    return self._with(connection, question)
            return self._with(self._open(), question)
        except _BROKEN as error:
            raise SourceFailure(_words(error)) from error

    def close(self) -> None:
        """End those that are idle."""
        while (connection := self._take()) is not None:
            _end(connection)

    def _take(self) -> ldap3.Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _with(self, connection: ldap3.Connection, question: Callable[[ldap3.Connection], _Answer]) -> _Answer:
        """Ask, and keep the connection for the next unless that failed."""
        healthy = False
        try:
            answer = question(connection)
            healthy = True
            return answer
        finally:
            if healthy:
                with self._lock:
                    self._idle.append(connection)
            else:
                _end(connection)

    def _found(self, connection: ldap3.Connection, query: str, attributes: list[str], most: int) -> list[Entry]:
        connection.search(self._settings.base, query, ldap3.SUBTREE, attributes=attributes, size_limit=most)
        _check(connection.result["result"], most)
        return bounded(_entries(connection), most, "entries")

    def _pages(self, connection: ldap3.Connection, query: str, attributes: list[str]) -> Iterator[Entry]:
        cookie = None
        while True:
            connection.search(
                self._settings.base, query, ldap3.SUBTREE, attributes=attributes, paged_size=_PAGE, paged_cookie=cookie
            )
            _check(connection.result["result"], _PAGE)
            yield from _entries(connection)
            controls = connection.result.get("controls") or {}
            cookie = controls.get(_PAGED_RESULTS, {}).get("value", {}).get("cookie")
            if not cookie:
                return

    def _named(self, connection: ldap3.Connection, name: str, attributes: list[str]) -> Entry | None:
        try:
            connection.search(name, "(objectClass=*)", ldap3.BASE, attributes=attributes, size_limit=1)
        except (exceptions.LDAPNoSuchObjectResult, exceptions.LDAPInvalidDNSyntaxResult, exceptions.LDAPInvalidDnError):
            return None
        _check(connection.result["result"], 1)
        return next(_entries(connection), None)

    def _open(self) -> ldap3.Connection:
        settings = self._settings
        # ldap3 takes whole seconds for what it waits for.
        seconds = max(math.ceil(settings.timeout_s), 1)
        tls = ldap3.Tls(
            validate=ssl.CERT_REQUIRED, ca_certs_file=str(settings.ca_file) if settings.ca_file is not None else None
        )
        connection = ldap3.Connection(
            ldap3.Server(settings.url, get_info=ldap3.NONE, connect_timeout=seconds, tls=tls),
            user=settings.bind_dn,
            password=settings.bind_password,
            receive_timeout=seconds,
            read_only=True,
            raise_exceptions=True,
            auto_bind=False,
            # A referral would lead to a server that nobody configured.
            auto_referrals=False,
            auto_escape=False,
        )
        opened = False
        try:
            connection.open()
            if settings.start_tls:
                connection.start_tls()
            connection.bind()
            opened = True
        finally:
            if not opened:
                _end(connection)
        return connection


def first_of(entry: Entry, attribute: str) -> object:
    """The value of an attribute that shall have one."""
    values = entry.get(attribute.lower(), [])
    if len(values) > 1:
        raise UnusableAnswer("an attribute that shall have one value has several")
    return values[0] if values else None


def _check(code: int, most: int) -> None:
    """Not for these does ldap3 raise, behind which entries may be missing (RFC 4511 section 4.1.9)."""
    if code == results.RESULT_SIZE_LIMIT_EXCEEDED:
        raise UnusableAnswer(f"more than {most} entries")
    if code != results.RESULT_SUCCESS:
        raise SourceFailure(f"the search ended with result code {code}")


def _end(connection: ldap3.Connection) -> None:
    socket = connection.socket
    # The server may be gone already.
    with suppress(*_BROKEN):
        connection.unbind()
    if socket is not None:
        # ldap3 leaves it open where the server cannot be told good-bye, or was never reached.
        socket.close()


def _entries(connection: ldap3.Connection) -> Iterator[Entry]:
    for item in connection.response:
        if item["type"] == "searchResEntry":
            entry: Entry = defaultdict(list)
            for name, values in item["raw_attributes"].items():
                entry[name.lower()] += values
            entry["dn"] = [item["dn"].encode()]
            yield entry


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error)[:300].split())}"
