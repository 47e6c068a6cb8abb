# SPDX-License-Identifier: GPL-3.0-or-later
"""The senders of the demo and the tests: their hosts, keys and DNS records."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from tests.mailhost.signing import SigningDomain
from tests.mailhost.smtp import Client

ZoneMapping = dict[str, list[Any]]
"""DNS records in the form of ``postward scan --dns``."""

_BANK_HOST = Client(address="192.0.2.10", name="mail.bank.example", helo="mail.bank.example")
_SHOP_HOST = Client(address="192.0.2.20", name="mail.shop.example", helo="mail.shop.example")
_SHOP_HOST_IPV6 = Client(address="2001:db8::25", name="mail6.shop.example", helo="mail6.shop.example")
_LISTS_HOST = Client(address="198.51.100.30", name="mail.lists.example", helo="mail.lists.example")
_STRANGER = Client(address="203.0.113.99", name="host99.bulk.example", helo="host99.bulk.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everybody who sends mail to the private host; addresses and names are reserved ones."""

    bank: SigningDomain = field(default_factory=lambda: SigningDomain(domain="bank.example"))
    """Signs all its mail and publishes p=reject."""
    lists: SigningDomain = field(default_factory=lambda: SigningDomain(domain="lists.example"))
    """A mailing list host that seals with ARC."""
    bank_host: Client = _BANK_HOST
    shop_host: Client = _SHOP_HOST
    lists_host: Client = _LISTS_HOST
    stranger: Client = _STRANGER

    def txt(self, name: bytes, timeout: int = 5) -> bytes | None:
        """Answer dkimpy's look-ups of keys."""
        for record in self.zone().get(name.decode().rstrip("."), []):
            if "TXT" in record:
                return "".join(record["TXT"]).encode()
        return None

    def zone(self) -> ZoneMapping:
        """All DNS records."""
        return {
            "bank.example": [{"TXT": "v=spf1 ip4:192.0.2.10 -all"}, {"MX": [10, "mail.bank.example"]}],
            "_dmarc.bank.example": [{"TXT": "v=DMARC1; p=reject"}],
            self.bank.key_name: [{"TXT": self.bank.key_record}],
            "shop.example": [{"TXT": "v=spf1 ip4:192.0.2.20 ip6:2001:db8::25 -all"}, {"MX": [10, "mail.shop.example"]}],
            "_dmarc.shop.example": [{"TXT": "v=DMARC1; p=none"}],
            "mail.shop.example": [{"A": "192.0.2.20"}, {"TXT": "v=spf1 a -all"}],
            "xn--bcher-kva.example": [{"TXT": "v=spf1 ip4:192.0.2.20 -all"}],
            "lists.example": [{"TXT": "v=spf1 ip4:198.51.100.30 -all"}, {"MX": [10, "mail.lists.example"]}],
            self.lists.key_name: [{"TXT": self.lists.key_record}],
            "bulk.example": [{"TXT": "v=spf1 ip4:203.0.113.0/24 -all"}],
            "slow.example": ["TIMEOUT"],
            "_dmarc.slow.example": ["TIMEOUT"],
            **_hosts(self.bank_host, self.lists_host, self.stranger, _SHOP_HOST_IPV6),
            ip_address(self.shop_host.address).reverse_pointer: [{"PTR": self.shop_host.name}],
        }


def _hosts(*clients: Client) -> ZoneMapping:
    """Address and reverse records that agree."""
    forward: ZoneMapping = {
        client.name: [{"AAAA" if ":" in client.address else "A": client.address}] for client in clients
    }
    reverse: ZoneMapping = {ip_address(client.address).reverse_pointer: [{"PTR": client.name}] for client in clients}
    return forward | reverse
