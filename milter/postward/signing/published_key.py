# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether receivers can verify what a key signs: the private key against its record in DNS."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key_check import check_key, is_signed_by
from postward.authn.dkim.key_lookup import fetch_keys, query_name
from postward.authn.dkim.settings import SignatureLimits
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.dkim.key import KeyRecord
    from postward.dns.resolver import Lookup
    from postward.signing.signing_key import SigningKey

_LIMITS = SignatureLimits()
_PROBE = sha256(b"postward").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What DNS says about a key."""

    name: str
    """Where its record stands."""
    problem: str = ""
    """Why receivers could not verify, in words; "" where they can."""
    is_temporary: bool = False
    """DNS did not answer: nothing is known."""
    is_testing: bool = False
    """The record has the flag t=y: receivers may take the signature for none (RFC 6376 section 3.6.1)."""


def look_up_publication(key: SigningKey, lookup: Lookup) -> Publication:
    """Ask for the record of ``key`` and compare."""
    name = query_name(key.selector, key.domain)
    try:
        records = fetch_keys(name, lookup, _LIMITS.max_key_records)
        own = _own_record(key, records)
        check_key(own, key.algorithm, _LIMITS)
    except SignatureError as error:
        return Publication(name=name, problem=error.reason, is_temporary=error.status is DkimStatus.TEMPERROR)
    return Publication(name=name, is_testing=own.testing)


def _own_record(key: SigningKey, records: tuple[KeyRecord, ...]) -> KeyRecord:
    """The record that verifies what the key signs."""
    signature = key.sign(_PROBE)
    for record in records:
        if is_signed_by(record, signature, _PROBE):
            return record
    raise SignatureError(DkimStatus.FAIL, "another key is published there")
