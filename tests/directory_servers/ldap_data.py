# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the contract tests in LDAP."""

from __future__ import annotations

import ldap3

from postward.directory.ldap.settings import LdapSettings
from tests.directory_servers.slapd import ADMIN, PASSWORD, SUFFIX

_ENTRIES = [
    {"pwPerson": "bob@example.com", "pwName": "Bob Example", "pwKind": "shared"},
    {
        "pwPerson": "alice@example.com", "pwName": "Alice Example", "pwDepartment": "sales",
        "pwManager": f"ou=0,{SUFFIX}", "pwOther": "alice@elsewhere.example",
        "pwMemberOf": f"cn=All staff,ou=groups,{SUFFIX}",
    },
    {"pwPerson": "broken@example.com", "pwKind": "robot"},
    {"pwPerson": "no address", "pwName": "Nobody"},
    {"pwPerson": "eve@example.com", "pwName": "two\nlines"},
    {"pwDomain": "example.com", "pwTenant": "acme", "pwThreshold": "4.5", "pwReject": "TRUE", "pwBanner": "external"},
    {"pwDomain": "example.org"},
    {"pwDomain": "xn--bcher-kva.example", "pwTenant": "books"},
    {"pwDomain": "broken.example", "pwTenant": "x", "pwThreshold": "many"},
    {"pwDomain": "twice.example"},
    {"pwDomain": "twice.example"},
    {"mail": ["alice@example.com", "bob@example.com", "literal+tag@example.com", "*@example.org"]},
    {"mail": "sales@example.com", "pwLogin": "alice@example.com", "pwMayUse": "sales@example.com"},
    {
        "mail": "support@example.com", "pwName": "Support", "pwLogin": "alice@example.com",
        "pwMayUse": "support@example.com",
        "pwMember": ["alice", "carol@example.org", "group:second@example.com"],
    },
    {
        "mail": "second@example.com", "pwName": "Second", "pwLogin": "alice@example.com",
        "pwMayUse": "second@example.com",
        "pwMember": ["bob@example.com", "group:support@example.com"],
    },
    {"pwLogin": "alice@example.com", "pwTenant": "acme", "pwMayUse": ["@example.net", "*.example.net"]},
    {"pwLogin": "bob@example.com", "pwTenant": "acme", "pwMayUse": "group:support@example.com"},
    {"pwLogin": "root@example.com", "pwTenant": "acme", "pwMayUse": "*"},
    {"pwLogin": "broken@example.com", "pwMayUse": "two words @"},
    {"pwLogin": "carol", "pwTenant": "acme", "pwMayUse": "carol@example.com"},
    {"pwNetwork": ["192.0.2.0/24", "2001:db8::/32"], "pwTenant": "acme", "pwMayUse": "@example.com"},
    {"pwNetwork": "192.0.2.128/25", "pwTenant": "acme", "pwMayUse": "printer@example.com"},
]  # fmt: skip


def fill(url: str) -> None:
    """Add all entries."""
    connection = ldap3.Connection(
        ldap3.Server(url, get_info=ldap3.NONE), ADMIN, PASSWORD, auto_bind=True, raise_exceptions=True
    )
    connection.add(SUFFIX, ["dcObject", "organization"], {"o": "test"})
    for number, attributes in enumerate(_ENTRIES):
        connection.add(f"ou={number},{SUFFIX}", ["organizationalUnit", "extensibleObject"], attributes)
    connection.unbind()


def settings(url: str, timeout_s: float, **others: object) -> LdapSettings:
    given: dict[str, object] = {
        "base": SUFFIX,
        "bind_dn": ADMIN,
        "bind_password": PASSWORD,
        "domain_filter": "(pwDomain={domain})",
        "domain_attributes": {
            "tenant": "pwTenant",
            "junk_threshold": "pwThreshold",
            "reject_unknown_recipients": "pwReject",
            "banner": "pwBanner",
        },
        "recipient_filter": "(|(mail={address})(mail=\\2a@{domain}))",
        "sender_filter": "(pwLogin={login})",
        "group_filter": "(&(mail={group})(pwMember=*))",
        "network_filter": "(pwNetwork=*)",
        "pattern_attributes": ("pwMayUse",),
        "tenant_attribute": "pwTenant",
        "member_attributes": ("pwMember",),
        "network_attribute": "pwNetwork",
        "profile_filter": "(pwPerson={address})",
        "profile_attributes": {
            "name": "pwName",
            "kind": "pwKind",
            "department": "pwDepartment",
            "manager": "pwManager",
        },
        "other_address_attributes": ("pwOther",),
        "member_of_attribute": "pwMemberOf",
        "profile_group_filter": "(&(pwMember=*)(pwLogin={address}))",
        "group_name_attributes": ("mail", "pwName"),
        "people_filter": "(&(pwPerson=*)(pwName=*))",
        "address_attributes": ("pwPerson", "pwOther"),
    }
    return LdapSettings(url=url, timeout_s=timeout_s, **(given | others))
