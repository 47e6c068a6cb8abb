# SPDX-License-Identifier: GPL-3.0-or-later
"""A real DNS server on loopback that answers from a zone file: for tests, and for the demo."""

from __future__ import annotations

from tests.dns_fixture.server import DnsFixture, Query

__all__ = ["DnsFixture", "Query"]
