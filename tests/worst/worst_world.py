# SPDX-License-Identifier: GPL-3.0-or-later
"""Senders whose DNS is made to cost, beside the usual ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mailhost.world import World
from tests.signatures import keys

if TYPE_CHECKING:
    from tests.mailhost.world import ZoneMapping

MANY = 2_000
LONG_MACROS = "".join(
    f"%{{{letter}{digits}{mark}}}"
    for letter in "lsLS"
    for digits in ("1", "2", "9", "")
    for mark in ("", "r", "-", "+/")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstWorld(World):
    """``signer``: the key of ``tests.signatures.signer``."""

    def zone(self) -> ZoneMapping:
        """All DNS records."""
        return {
            **World.zone(self),
            "sel._domainkey.example.org": [{"TXT": keys.record("rsa2048")}],
            "_dmarc.example.org": [{"TXT": "v=DMARC1; p=reject"}],
            "arc._domainkey.sealer.example": [{"TXT": keys.record("rsa2048")}],
            **_long_records(),
            **_fan_outs(),
            **_aliases(),
        }


def _long_records() -> ZoneMapping:
    long = "x" * 64_000
    return {
        "long._domainkey.example.org": [{"TXT": f"{keys.record('rsa2048')}; n={long}"}],
        "many._domainkey.example.org": [{"TXT": f"v=DKIM1; p=; n={number}" + "x" * 200} for number in range(250)],
        "long-policy.example": [{"TXT": f"v=spf1 {'ip4:192.0.2.1 ' * 4_000}-all"}],
        "_dmarc.long-policy.example": [{"TXT": f"v=DMARC1; p=reject; n={long}"}],
    }


def _fan_outs() -> ZoneMapping:
    hosts = {f"h{number}.mx.example": [{"A": f"10.0.{number}.{part}"} for part in range(40)] for number in range(100)}
    exchanges = {
        f"m{number}.example": [{"MX": [host, f"h{10 * number + host}.mx.example"]} for host in range(10)]
        for number in range(10)
    }
    wide = " ".join(f"include:w{number}.tree.example" for number in range(10))
    terms = "ip4:192.0.2.77 " * 4_000
    tree = {f"w{number}.tree.example": [{"TXT": f"v=spf1 {terms}{wide} ?all"}] for number in range(10)}
    return {
        **hosts,
        **exchanges,
        **tree,
        "tree.example": [{"TXT": f"v=spf1 {terms}{wide} -all"}],
        "mx-fan.example": [{"TXT": "v=spf1 " + " ".join(f"mx:m{number}.example" for number in range(10)) + " -all"}],
        "void.example": [
            {"TXT": "v=spf1 " + " ".join(f"a:v{number}.void.example" for number in range(MANY)) + " -all"}
        ],
        "loop.example": [{"TXT": "v=spf1 redirect=loop.example"}],
        "self.example": [{"TXT": "v=spf1 include:self.example include:self.example -all"}],
        "macros.example": [{"TXT": "v=spf1 " + f"exists:{LONG_MACROS}.macros.example " * 10 + "-all"}],
        "wide-macros.example": [
            {"TXT": "v=spf1 exists:" + "%{d}" * 128 + ".x.example exists:" + "%{h}" * 10_000 + " -all"}
        ],
    }


def _aliases() -> ZoneMapping:
    chain = {f"c{number}.alias.example": [{"CNAME": f"c{number + 1}.alias.example"}] for number in range(40)}
    return {
        **chain,
        "alias.example": [{"CNAME": "c0.alias.example"}],
        "ring.example": [{"CNAME": "other.ring.example"}],
        "other.ring.example": [{"CNAME": "ring.example"}],
        "_dmarc.ring.example": [{"CNAME": "_dmarc.ring.example"}],
        "k._domainkey.example.org": [{"CNAME": "k._domainkey.example.org"}],
    }
