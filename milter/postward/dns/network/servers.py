# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of name servers as an operator writes them."""

from __future__ import annotations

from postward.errors import UsageError
from postward.model.ip_endpoint import IpEndpoint, parse_ip_endpoint

DNS_PORT = 53


def parse_server(text: str) -> IpEndpoint:
    """Read an IP address, perhaps with a port; raises UsageError."""
    try:
        return parse_ip_endpoint(text, default_port=DNS_PORT)
    except ValueError as error:
        raise UsageError(f"DNS server: {text!a} {error}") from error
