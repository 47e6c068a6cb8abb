# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of entries (RFC 4514), of which the first value is what people call them."""

from __future__ import annotations

import re

from ldap3.core.exceptions import LDAPException
from ldap3.utils.dn import parse_dn

_ESCAPED = re.compile(rb"\\([0-9A-Fa-f]{2}|.)", re.DOTALL)
_HEX_LENGTH = 2


def first_value(text: str) -> str:
    """``staff`` of ``cn=staff,ou=groups,dc=example,dc=com``; a text that is no such name as it is."""
    try:
        value = parse_dn(text)[0][1]
    except (LDAPException, LookupError):
        return text
    return _ESCAPED.sub(_character, value.encode(errors="surrogateescape")).decode(errors="replace")


def _character(match: re.Match[bytes]) -> bytes:
    """Two hexadecimal digits are one octet; anything else stands for itself."""
    return bytes.fromhex(match[1].decode()) if len(match[1]) == _HEX_LENGTH else match[1]
