# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains, recipients, senders and people from queries that the operator wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import exc

from postward.directory.address import Mailbox
from postward.directory.answers import MAX_NETWORKS, bounded, network_senders, own_patterns, split_patterns
from postward.directory.entry import Known
from postward.directory.fields import MAX_FIELDS, domain_entry, plain_text
from postward.directory.profile_answers import GROUP, MAX_NAMED_ADDRESSES, USER
from postward.directory.profile_fields import MAX_GROUPS, people_of, profile_entry, split_names
from postward.directory.rights import MAX_MEMBERS, MAX_PATTERNS, sender_entry
from postward.directory.source import SourceFailure, UnusableAnswer
from postward.directory.sql.engine import make_engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.directory.entry import DomainEntry, SenderEntry
    from postward.directory.source import NetworkSenders
    from postward.directory.sql.settings import SqlSettings
    from postward.model.profile import Person, Profile

_Row = dict[str, object]
_BROKEN = (exc.SQLAlchemyError, OSError, ValueError, ArithmeticError)
"""What SQLAlchemy and the drivers below it raise; the last two for values that they cannot turn into Python's."""


class SqlSource:
    """Asks through a small pool of connections; values go as parameters, never as text of the query.

    Made after a fork: connections do not survive one.
    """

    name = "sql"
    is_immediate = False

    def __init__(self, settings: SqlSettings) -> None:
        self._settings = settings
        self._engine = make_engine(settings)

    def domain(self, name: str) -> DomainEntry | None:
        """The first row of the query ``domain``."""
        rows = self._ask(self._settings.domain, {"domain": name}, 1)
        return domain_entry(name, _without(rows[0], {"name", "domain"})) if rows else None

    def recipient(self, local_part: str, domain: str) -> Known:
        """Any row of the query ``recipient`` will do."""
        if self._settings.recipient is None:
            return Known.NOT_HOSTED
        values = _parts(Mailbox(local_part, domain))
        return Known.YES if self._ask(self._settings.recipient, values, 1) else Known.NO

    def sender(self, login: str) -> SenderEntry | None:
        """All rows of the query ``sender`` together."""
        rows = bounded(
            self._ask(self._settings.sender, {"login": login}, MAX_PATTERNS + 1), MAX_PATTERNS, "rows of one sender"
        )
        if not rows:
            return None
        patterns = split_patterns(row.get("may_use") for row in rows)
        return sender_entry(
            login,
            (*own_patterns(login), *bounded(patterns, MAX_PATTERNS, "patterns for one sender")),
            tenant=next((tenant for row in rows if (tenant := plain_text(row.get("tenant")))), ""),
            members=self._members,
        )

    def networks(self) -> NetworkSenders:
        """All rows of the query ``networks``."""
        rows = self._ask(self._settings.networks, {}, MAX_NETWORKS + 1)
        return network_senders(
            ((row.get("network"), row.get("may_use"), row.get("tenant")) for row in rows), self._members
        )

    def profile(self, local_part: str, domain: str) -> Profile | None:
        """All rows of the query ``profile``: groups and other addresses of each, all else of the first.

        What the query ``group`` has members of is a group, where nothing else is said.
        """
        address = Mailbox(local_part, domain)
        rows = self._ask(self._settings.profile, _parts(address), MAX_GROUPS + 1)
        first = _without(rows[0], {"address", "groups", "other_addresses"}) if rows else {}
        is_group = not plain_text(first.get("kind")) and self._is_group(address)
        if not rows and not is_group:
            return None
        return profile_entry(
            address,
            first,
            default_kind=GROUP if is_group else USER,
            groups=set(split_names(row.get("groups") for row in bounded(rows, MAX_GROUPS, "rows of one address"))),
            other_addresses={plain_text(row.get("other_addresses")) for row in rows},
        )

    def people(self) -> tuple[Person, ...]:
        """All rows of the query ``people``."""
        rows = self._ask(self._settings.people, {}, MAX_NAMED_ADDRESSES + 1)
        return people_of((row.get("name"), row.get("address")) for row in rows)

    def close(self) -> None:
        """End all connections that are not in use; those that are come back to the same pool, to be ended later."""
        self._engine.pool.dispose()

    def _is_group(self, address: Mailbox) -> bool:
        return bool(self._ask(self._settings.group, {"group": str(address)}, 1))

    def _members(self, group: Mailbox) -> list[str]:
        rows = self._ask(self._settings.group, {"group": str(group)}, MAX_MEMBERS + 1)
        return [plain_text(next(iter(row.values()))) for row in bounded(rows, MAX_MEMBERS, "members of a group")]

    def _ask(self, query: str | None, values: Mapping[str, str], most: int) -> list[_Row]:
        """The first ``most`` rows; a data base whose driver holds them all is bounded by its own memory only."""
        if query is None:
            return []
        statement = sqlalchemy.text(query)
        known = statement.compile().params.keys()
        try:
            with self._engine.connect() as connection:
                result = connection.execute(statement, {key: value for key, value in values.items() if key in known})
                if len(result.keys()) > MAX_FIELDS:
                    raise UnusableAnswer(f"more than {MAX_FIELDS} columns")
                return [dict(row) for row in result.mappings().fetchmany(most)]
        except exc.DataError as error:
            raise UnusableAnswer(_words(error)) from error
        except _BROKEN as error:
            raise SourceFailure(_words(error)) from error


def _parts(address: Mailbox) -> dict[str, str]:
    return {"address": str(address), "local_part": address.local_part, "domain": address.domain}


def _without(row: _Row, names: set[str]) -> _Row:
    return {key: value for key, value in row.items() if key not in names}


def _words(error: Exception) -> str:
    """What the driver says, on one line; SQLAlchemy's own words hold the query and never a value or the URL."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {' '.join(str(cause)[:300].split())}"
