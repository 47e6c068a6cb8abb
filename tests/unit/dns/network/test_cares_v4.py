# SPDX-License-Identifier: GPL-3.0-or-later
"""What pycares 4 cannot do, said before a channel is opened."""

from __future__ import annotations

import pytest

from postward.dns.network.cares_v4 import check_servers
from postward.dns.network.servers import parse_server
from postward.errors import UsageError


@pytest.mark.parametrize("servers", [[], ["192.0.2.1"], ["192.0.2.1:5353", "[2001:db8::1]:5353"]])
def test_servers_of_one_port(servers):
    check_servers([parse_server(server) for server in servers])


def test_servers_of_different_ports_are_refused():
    with pytest.raises(UsageError, match="needs one port for all name servers"):
        check_servers([parse_server("192.0.2.1"), parse_server("192.0.2.2:5353")])
