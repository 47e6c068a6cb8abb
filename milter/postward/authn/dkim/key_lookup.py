# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching the keys of a signature from DNS (RFC 6376 sections 3.6.2 and 6.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key import read_key_record
from postward.dns.answer import RecordType
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.dkim.key import KeyRecord
    from postward.dns.resolver import Lookup


def query_name(selector: str, domain: str) -> str:
    """Where the keys of ``selector`` stand; both are A-labels."""
    return f"{selector}._domainkey.{domain}"


def fetch_keys(name: str, lookup: Lookup, max_records: int) -> tuple[KeyRecord, ...]:
    """The usable key records at ``name``, at least one; raises ``SignatureError`` where there is none.

    A name should hold one record only; RFC 6376 section 6.1.2 leaves it to the verifier what to do with several.
    All that can be used are returned, for a domain that changes its key may publish the old and the new one, and other
    TXT records are passed over; ``max_records`` bounds how many are looked at.
    """
    answer = lookup(name, RecordType.TXT)
    if answer.failed:
        raise SignatureError(DkimStatus.TEMPERROR, f"key look-up failed ({answer.outcome.value})")
    records = answer.texts()[:max_records]
    if not records:
        raise SignatureError(DkimStatus.PERMERROR, "no key for signature")
    keys: list[KeyRecord] = []
    problems: list[SignatureError] = []
    for record in records:
        try:
            keys.append(read_key_record(record))
        except SignatureError as problem:
            problems.append(problem)
    if not keys:
        raise problems[0]
    return tuple(keys)
