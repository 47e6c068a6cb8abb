# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail address as it can stand in a field, such that no reader takes another domain from it."""

from __future__ import annotations

import re

from postward.authn.results.clean import MAX_VALUE_BYTES
from postward.dns.names import to_ascii

# Atoms (RFC 5322 section 3.2.3, RFC 6532): a quoted local part may hold an at sign, and many readers stop at the first.
_PLAIN_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]*")


def shown_address(address: str, *, smtputf8: bool = False) -> str:
    """Give ``address``, its domain as A-labels unless ``smtputf8``; "" where it is none or would mislead.

    RFC 8616 section 3: U-labels and UTF-8 local parts stand only in the header of an internationalized message.
    """
    local_part, at, domain = address.rpartition("@")
    if not at:
        return ""
    if not smtputf8:
        domain = to_ascii(domain) or ""
    shown = f"{local_part}@{domain}"
    is_plain = _PLAIN_LOCAL_PART.fullmatch(local_part) is not None and (smtputf8 or local_part.isascii())
    return shown if domain and is_plain and len(shown.encode(errors="replace")) <= MAX_VALUE_BYTES else ""
