# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.reputation.lineage import Lineage


class Systems:
    def find(self, address):
        return 64_500 if address in {ip_address("192.0.2.7"), ip_address("192.0.2.0")} else None


def registered(name):
    return ".".join(name.split(".")[-2:]) if name.count(".") else ""


def written(chain):
    return [str(identity) for identity in chain]


LINEAGE = Lineage(registered, Systems())


@pytest.mark.parametrize(
    ("identity", "above"),
    [
        (Identity(IdentityKind.IP, "192.0.2.7"), ["asn:64500", "net:192.0.2.0/24"]),
        (Identity(IdentityKind.IP, "198.51.100.7"), ["net:198.51.100.0/24"]),
        (Identity(IdentityKind.IP, "2001:db8:1:2:3::4"), ["net:2001:db8:1::/48", "net:2001:db8:1:2::/64"]),
        (Identity(IdentityKind.NETWORK, "192.0.2.0/24"), ["asn:64500"]),
        (Identity(IdentityKind.NETWORK, "2001:db8::/64"), ["net:2001:db8::/48"]),
        (Identity(IdentityKind.NETWORK, "2001:db8::/48"), []),
        (Identity(IdentityKind.ASN, "64500"), []),
        (Identity(IdentityKind.DKIM_DOMAIN, "mail.example.com"), ["org:example.com"]),
        (Identity(IdentityKind.AUTHOR_DOMAIN, "example.com"), ["org:example.com"]),
        (Identity(IdentityKind.SPF_DOMAIN, "com"), []),
        (Identity(IdentityKind.ORGANIZATION, "example.com"), []),
        (Identity(IdentityKind.PAIR, "joe@a.example.com/192.0.2.7"), ["org:example.com", "from:a.example.com"]),
        (Identity(IdentityKind.LOGIN, "joe@example.com"), ["tenant:example.com"]),
        (Identity(IdentityKind.LOGIN, "joe"), []),
        (Identity(IdentityKind.TENANT, "example.com"), []),
        (Identity(IdentityKind.OUTGOING_IP, "192.0.2.7"), []),
        (Identity(IdentityKind.IP, "nonsense/x"), []),
    ],
)
def test_a_chain_leads_from_everybody_to_the_identity(identity, above):
    assert written(LINEAGE.chain(identity)) == ["all", *above, str(identity)]
    assert LINEAGE.chain(identity) in LINEAGE.chains(identity)


def test_above_everybody_is_nobody():
    assert LINEAGE.chain(EVERYBODY) == (EVERYBODY,)


def test_without_a_table_there_are_no_autonomous_systems():
    assert written(Lineage(registered).chain(Identity(IdentityKind.IP, "192.0.2.7"))) == [
        "all", "net:192.0.2.0/24", "ip:192.0.2.7",
    ]  # fmt: skip


def test_a_pair_has_a_domain_and_an_address_above_it():
    chains = [written(chain)[-2] for chain in LINEAGE.chains(Identity(IdentityKind.PAIR, "joe@example.com/192.0.2.7"))]
    assert chains == ["from:example.com", "spf:example.com", "ip:192.0.2.7"]
