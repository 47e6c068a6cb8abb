# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions ``client.ip`` and ``client.origin_ip``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.network import NetworkCondition, NetworkSet, parse_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.rules.compile.context import Context
    from postward.rules.compile.lists import Value
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

_WITHIN = ("cidr", "in", "equals", "list")
_OUTSIDE = ("not_in", "not_cidr", "not_equals")


def network_condition(name: str, *, judged: bool) -> Callable[[Place, Context], Condition]:
    """Give what reads the condition of that name."""

    def read(place: Place, context: Context) -> Condition:
        if not place.is_mapping:
            return NetworkCondition(name, _networks(place, context.lists.values(place)), None, judged=judged)
        within: NetworkSet | None = None
        outside: NetworkSet | None = None
        entries = place.mapping((*_WITHIN, *_OUTSIDE))
        for key, at in entries.items():
            values = context.lists.by_name(at) if key == "list" else context.lists.values(at)
            found = _networks(at, values)
            if key in _OUTSIDE:
                outside = found if outside is None else outside | found
            elif within is None:
                within = found
            else:
                raise at.key_fault("only one of cidr, in and list may be here", "put the networks into one list")
        if within is None and outside is None:
            raise place.fault("names no networks", "write {cidr: [192.0.2.0/24]}")
        return NetworkCondition(name, within, outside, judged=judged)

    return read


def _networks(place: Place, values: Iterable[Value]) -> NetworkSet:
    networks = []
    count = 0
    for value in values:
        count += 1
        try:
            networks.append(parse_network(value.text))
        except ValueError as error:
            value.fault("is no network", _hint(value.text, str(error)))
    if not count:
        raise place.fault("has no values")
    return NetworkSet(networks)


def _hint(text: str, error: str) -> str:
    if "has host bits set" in error:
        return f"write the network itself, or the address with /{'128' if ':' in text else '32'}"
    return "write 192.0.2.0/24, 2001:db8::/32, or one address"
