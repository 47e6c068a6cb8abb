# SPDX-License-Identifier: GPL-3.0-or-later
"""IP networks in CIDR notation."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.section import checked_text, fault
from postward.model.ip_address import IpNetwork

_HINT = "write 192.0.2.0/24, 2001:db8::/32 or a single address"


def parse_network(value: object) -> IpNetwork:
    """A network, or one address as a network of its own; host bits must be zero."""
    if isinstance(value, IpNetwork):
        return value
    text = checked_text(value)
    try:
        return ip_network(text)
    except ValueError:
        raise fault(*_explain(text)) from None


def _explain(text: str) -> tuple[str, str]:
    """A typing slip in a trusted network opens the wrong door, so host bits are not silently dropped."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return "is no IP network", _HINT
    address = text.partition("/")[0]
    return "has bits set beyond the prefix", f"did you mean {network}, or the single address {address}?"


Network = Annotated[IpNetwork, PlainValidator(parse_network)]
