# SPDX-License-Identifier: GPL-3.0-or-later
"""Search filters with placeholders: what goes in is escaped, so that it can only ever be a value (RFC 4515)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import parse_filter

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._+-=")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """The filter with its placeholders replaced."""
    return _PLACEHOLDER.sub(lambda match: _escaped(values[match[1]]), template)


def is_filter(template: str) -> bool:
    """True where it is a filter with any value in place of its placeholders."""
    text = _PLACEHOLDER.sub("x", template)
    try:
        parse_filter(text, None, auto_escape=False, auto_encode=True, validator=None, check_names=False)
    except (LDAPException, LookupError):
        return False
    return True


def _escaped(value: str) -> str:
    """RFC 4515 section 3 allows any octet to be escaped; ldap3 would strip white space that is not."""
    return "".join(
        character if character in _PLAIN else "".join(f"\\{octet:02x}" for octet in character.encode(errors="replace"))
        for character in value
    )
