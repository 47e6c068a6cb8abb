# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of domains and selectors, checked before they become names of folders and files."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from postward.authn.dkim.key_lookup import query_name
from postward.dns.names import to_ascii
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LETTERS = {"rsa": "r", "ed25519": "e"}


def key_domain(text: str) -> str:
    """A domain as an A-label in lower case; raises UsageError."""
    return _checked(text, "domain")


def key_selector(text: str, domain: str) -> str:
    """A selector of ``domain`` as an A-label in lower case; raises UsageError, also where the record had no name."""
    selector = _checked(text, "selector")
    if to_ascii(query_name(selector, domain)) is None:
        raise UsageError(f"{text!r} is too long for a selector of {domain}")
    return selector


def new_selector(algorithm: str, now_s: float, taken: Collection[str]) -> str:
    """Name a new key after its day (UTC) and algorithm, unlike those that are ``taken``."""
    first = f"pw{time.strftime('%Y%m%d', time.gmtime(now_s))}{_LETTERS[algorithm]}"
    selector, number = first, 1
    while selector in taken:
        number += 1
        selector = f"{first}{number}"
    return selector


def _checked(text: str, what: str) -> str:
    name = to_ascii(text)
    if name is None or not _NAME.fullmatch(name):
        raise UsageError(f"{text!r} cannot be a {what}")
    return name
