"""Connections to one LDAP server, each used by one thread at a time and kept for the next."""

from __future__ import annotations

import math
import ssl
import threading
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

import ldap3
from ldap3.core import exceptions, results

from postward.directory.answers import bounded
from postward.directory.source import SourceFailure, UnusableAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.directory.ldap.settings import LdapSettings

Entry = dict[str, list[bytes]]
"""The values of one entry, by attribute in lower case."""

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
        connection = self._take()
        try:
            if connection is not None:
                # The server ends idle connections, or was restarted.
                with suppress(exceptions.LDAPCommunicationError):
                    return self._search(connection, query, attributes, most)
            return self._search(self._open(), query, attributes, most)
        except _BROKEN as error:
            raise SourceFailure(_words(error)) from error

    def close(self) -> None:
        """End those that are idle."""
        while (connection := self._take()) is not None:
            _end(connection)

    def _take(self) -> ldap3.Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _search(self, connection: ldap3.Connection, query: str, attributes: Iterable[str], most: int) -> list[Entry]:
        healthy = False
        try:
            connection.search(
                self._settings.base, query, ldap3.SUBTREE, attributes=[*attributes] or ["1.1"], size_limit=most
            )
            healthy = True
            _check(connection.result["result"], most)
            items = (item for item in connection.response if item["type"] == "searchResEntry")
            return [_entry(item["raw_attributes"]) for item in bounded(items, most, "entries")]
        finally:
            if healthy:
                with self._lock:
                    self._idle.append(connection)
            else:
                _end(connection)

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


def _entry(raw_attributes: Mapping[str, list[bytes]]) -> Entry:
    entry: Entry = defaultdict(list)
    for name, values in raw_attributes.items():
        entry[name.lower()] += values
    return entry


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error)[:300].split())}"
