# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.directory.ldap.distinguished_name import first_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cn=staff,ou=groups,dc=example,dc=com", "staff"),
        ("CN=All Staff,OU=Groups,DC=example,DC=com", "All Staff"),
        ("cn=a+sn=b,dc=example", "a"),
        (r"cn=Smith\, John,dc=example", "Smith, John"),
        (r"cn=B\c3\bcro,dc=example", "Büro"),
        (r"cn=a\2Cb\\c,dc=example", "a,b\\c"),
        ("staff", "staff"),
        ("All staff", "All staff"),
        ("staff@example.com", "staff@example.com"),
        ("", ""),
        ("=,=", "=,="),
    ],
)
def test_what_people_call_an_entry(text, value):
    assert first_value(text) == value
