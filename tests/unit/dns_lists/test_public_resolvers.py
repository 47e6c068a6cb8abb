# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.dns_lists.public_resolvers import public_resolver, servers_of


@pytest.mark.parametrize("server", ["8.8.8.8", "1.1.1.1", "9.9.9.9", "208.67.222.222", "2606:4700:4700::1111"])
def test_resolvers_that_the_world_shares_are_known(server):
    assert public_resolver(("192.0.2.53", server)) == server


@pytest.mark.parametrize("server", ["127.0.0.1", "127.0.0.53", "192.168.1.1", "192.0.2.1", "fe80::1%eth0", "nonsense"])
def test_others_are_not(server):
    assert public_resolver((server,)) == ""


def test_the_servers_of_a_host_are_read():
    text = "# by hand\nsearch example.com\nnameserver 192.0.2.53\nnameserver\n nameserver 2001:db8::53 # two\n"
    assert servers_of(text) == ("192.0.2.53", "2001:db8::53")
