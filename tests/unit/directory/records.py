# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_network

from postward.directory.entry import DomainEntry, DomainSettings
from postward.directory.table import DomainRecord, SenderRecord
from postward.directory.table_profiles import PersonRecord

EXAMPLE_COM = DomainRecord(
    entry=DomainEntry(
        name="example.com",
        tenant="acme",
        settings=DomainSettings(junk_threshold=4.5, reject_unknown_recipients=True, values={"banner": "external"}),
    ),
    recipients=frozenset({"alice", "bob", "literal+tag"}),
    aliases={"sales": ("alice", "bob")},
    groups={"support": ("alice", "carol@example.org", "second"), "second": ("bob", "support")},
    senders=(
        SenderRecord(logins=("alice",), patterns=("@example.net", "*.example.net")),
        SenderRecord(logins=("bob",), patterns=("group:support",)),
        SenderRecord(logins=("root",), patterns=("*",)),
        SenderRecord(networks=(ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")), patterns=("@example.com",)),
        SenderRecord(networks=(ip_network("192.0.2.128/25"),), patterns=("printer",)),
    ),
    people={
        "alice": PersonRecord(
            name="Alice Example",
            groups=frozenset({"all staff"}),
            attributes={"department": "sales"},
            manager="bob",
            other_addresses=frozenset({"alice@elsewhere.example"}),
        ),
        "bob": PersonRecord(name="Bob Example", kind="shared"),
    },
)
EXAMPLE_ORG = DomainRecord(entry=DomainEntry(name="example.org", tenant="example.org"), recipients=frozenset({"*"}))
SILENT = DomainRecord(entry=DomainEntry(name="silent.example", tenant="silent.example"))
