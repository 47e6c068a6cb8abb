# SPDX-License-Identifier: GPL-3.0-or-later
"""``routes``: the other ways that rules may send mail by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from postward.config.schema.domain import parse_domain
from postward.config.schema.section import checked_text, fault
from postward.model.route import Route

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_TRANSPORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NEXT_HOP = re.compile(
    r"(?:\[(?P<literal>[^\[\]]{1,253})\]|(?P<domain>[A-Za-z0-9_.-]{1,253}))(?::(?P<port>[0-9]{1,5}))?|unix:/[\w./-]{1,90}",
    re.ASCII,
)
_MAX_PORT = 65_535
_MAX_ROUTES = 500
_HINT = "write smtp:[relay.example.com]:587, or the name of a transport of master.cf with a colon behind it"


def _parse_name(value: object) -> str:
    text = checked_text(value)
    if not _NAME.fullmatch(text):
        raise fault("is no name of a route", "up to 64 small letters, digits, hyphens and underscores")
    return text


def _parse_route(value: object) -> Route:
    """``transport:`` or ``transport:nexthop``, as Postfix's action FILTER has it (header_checks(5))."""
    if isinstance(value, Route):
        return value
    text = checked_text(value)
    transport, colon, next_hop = text.partition(":")
    if not colon:
        raise fault("has no transport", _HINT)
    if not _TRANSPORT.fullmatch(transport):
        raise fault("has a transport that cannot be a service of master.cf", _HINT)
    if next_hop:
        _check_next_hop(next_hop)
    return Route(transport=transport, next_hop=next_hop)


def _check_next_hop(text: str) -> None:
    form = _NEXT_HOP.fullmatch(text)
    if form is None:
        raise fault("has no host, or more than a host and a port, behind its transport", _HINT)
    if form["port"] and not 0 < int(form["port"]) <= _MAX_PORT:
        raise fault(f"has a port that is not from 1 to {_MAX_PORT}", _HINT)
    if form["domain"]:
        parse_domain(form["domain"])
    elif form["literal"] and not _is_address(form["literal"]):
        parse_domain(form["literal"])


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _frozen(routes: Mapping[str, Route]) -> Mapping[str, Route]:
    if len(routes) > _MAX_ROUTES:
        raise fault(f"has more than {_MAX_ROUTES} entries")
    return MappingProxyType(dict(routes))


Routes = Annotated[
    Mapping[Annotated[str, PlainValidator(_parse_name)], Annotated[Route, PlainValidator(_parse_route)]],
    AfterValidator(_frozen),
]
