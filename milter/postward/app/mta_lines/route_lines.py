# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines by which Postfix sends mail by another way where Postward says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.actions.route_field import FIELD_NAME
from postward.app.mta_lines.services import content_filters
from postward.app.route_tokens import kept_route_tokens
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from postward.app.mta_lines.postfix_host import PostfixHost, Service
    from postward.config import Configuration
    from postward.model.route import Route

ROUTES_FILE, STRIP_FILE = "postward_routes", "postward_route_strip"
TAKING = "milter_header_checks"
"""Where Postfix looks at fields that a milter has added, and at no others."""
_STRIPPING = {"smtp": "smtp_header_checks", "lmtp": "lmtp_header_checks"}
"""By program: where a delivery agent takes fields off.  Agents of other kinds cannot."""
_HEAD = "# From `postward mta postfix`; print it anew when the routes have changed, and then: postfix reload."


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """The routes with their tokens, as Postfix is to be told of them."""

    routes: Mapping[str, Route] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    """By the same names."""
    problem: str = ""
    """Why there are no tokens for the routes that there are."""

    @property
    def taking_lines(self) -> tuple[str, ...]:
        """Of the table (regexp_table(5)) that knows the routes.

        A token of which this table knows nothing must not let its message go the usual way.
        """
        return (
            _HEAD,
            *(line for name, route in self.routes.items() for line in (f"# {name}", self._filter(name, route))),
            f"/^{FIELD_NAME}:/ HOLD this table lacks the route",
        )

    @property
    def stripping_lines(self) -> tuple[str, ...]:
        """Of the table that takes the field off."""
        return _HEAD, f"/^{FIELD_NAME}:/ IGNORE"

    def _filter(self, name: str, route: Route) -> str:
        return f"/^{FIELD_NAME}: *{self.tokens[name]}$/ FILTER {route}"


def route_table(config: Configuration) -> RouteTable:
    """Read the table of this host; never raises."""
    try:
        return RouteTable(routes=config.routes, tokens=kept_route_tokens(config))
    except UsageError as error:
        return RouteTable(problem=str(error))


def taking_table(directory: Path) -> str:
    """The first table as main.cf names it; ``directory`` is that of main.cf."""
    return f"regexp:{directory / ROUTES_FILE}"


def stripping_table(directory: Path) -> str:
    """The other one."""
    return f"regexp:{directory / STRIP_FILE}"


def with_table(table: str, tables: str, separator: str = ", ") -> str:
    """Put a table first in a list, unless it is in it: what the others do to our field must not matter."""
    return tables if table in tables.replace(",", " ").split() else separator.join(filter(None, (table, tables)))


def route_parameters(host: PostfixHost, table: RouteTable) -> Iterator[tuple[str, str]]:
    """Give names and values for main.cf."""
    directory = host.config_directory
    yield TAKING, with_table(taking_table(directory), host.written.get(TAKING, ""))
    programs = {service.program for service in _transports(host, table)}
    # A message that was on hold, or whose route has been taken back, may leave by any smtp(8).
    for program in sorted({*programs, "smtp"} & _STRIPPING.keys()):
        name = _STRIPPING[program]
        yield name, with_table(stripping_table(directory), host.written.get(name, ""))


def route_overrides(host: PostfixHost) -> Iterator[tuple[Service, str, str]]:
    """Give services whose own options would keep the field on, each with the option that does not."""
    directory = host.config_directory
    for service in host.services:
        name = _STRIPPING.get(service.program, "")
        if name in service.overrides:
            yield service, name, with_table(stripping_table(directory), service.overrides[name], ",")
        if TAKING in service.overrides:
            yield service, TAKING, with_table(taking_table(directory), service.overrides[TAKING], ",")


def route_notes(host: PostfixHost, table: RouteTable) -> Iterator[str]:
    """Tell of routes that Postfix cannot take, or whose field stays on."""
    if table.problem:
        yield f"there are no lines for the routes yet: {table.problem}"
    if table.routes:
        yield from (f"mail that is routed does not pass the content filter {name}" for name in content_filters(host))
    known = {service.name: service for service in host.services if service.type == "unix"}
    for name, route in table.routes.items():
        service = known.get(route.transport)
        if service is None:
            if host.installed:
                yield f"the route {name} needs a transport {route.transport}, which master.cf does not have"
        elif service.program not in _STRIPPING:
            yield (
                f"the route {name} goes through {service.program}, which cannot take {FIELD_NAME} off: its value says"
                " nothing to anybody"
            )


def _transports(host: PostfixHost, table: RouteTable) -> Iterator[Service]:
    names = {route.transport for route in table.routes.values()}
    yield from (service for service in host.services if service.type == "unix" and service.name in names)
