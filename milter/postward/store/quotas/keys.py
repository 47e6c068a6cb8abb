# SPDX-License-Identifier: GPL-3.0-or-later
"""The key in Redis of one subject of limits."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.quota import QuotaSubject

_PLAIN = re.compile(r"[a-z0-9.@+_/:-]{1,100}", re.ASCII)


def quota_key(subject: QuotaSubject, name: str) -> str:
    """Give the key: all of it that differs is hash tag, and no two subjects share one, whatever their names hold."""
    return f"pw:q{{{subject.value}:{_harmless(name)}}}"


def lease_field(lease: str) -> str:
    """Give the field of a lease within the key, of bounded length whatever the id is."""
    return hashlib.blake2b(lease.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _harmless(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return name
    # No plain name begins so.
    return f"#{hashlib.blake2b(name.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"
