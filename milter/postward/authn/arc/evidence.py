# SPDX-License-Identifier: GPL-3.0-or-later
"""What the validation of a chain works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key_check import check_key
from postward.authn.dkim.key_lookup import fetch_keys, query_name
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.arc.settings import ArcSettings
    from postward.authn.dkim.body_digests import BodyDigests
    from postward.authn.dkim.header_digest import HeaderDigests
    from postward.authn.dkim.key import KeyRecord
    from postward.dns.resolver import Lookup


class ChainKeys:
    """The keys of one chain: each is asked for once, and only so many."""

    def __init__(self, lookup: Lookup, settings: ArcSettings) -> None:
        self._lookup = lookup
        self._settings = settings
        self._found: dict[str, tuple[KeyRecord, ...]] = {}

    def usable(self, selector: str, domain: str, algorithm: str) -> list[KeyRecord]:
        """Keys that may be used with ``algorithm``, at least one; raises ``SignatureError``."""
        keys: list[KeyRecord] = []
        problems: list[SignatureError] = []
        for key in self._fetch(query_name(selector, domain)):
            try:
                check_key(key, algorithm, self._settings)
            except SignatureError as problem:
                problems.append(problem)
            else:
                keys.append(key)
        if not keys:
            raise problems[0]
        return keys

    def _fetch(self, name: str) -> tuple[KeyRecord, ...]:
        found = self._found.get(name)
        if found is None:
            # Looking up has no end otherwise: every set may name another key.
            if len(self._found) >= self._settings.max_key_lookups:
                raise SignatureError(DkimStatus.POLICY, "too many different keys")
            found = fetch_keys(name, self._lookup, self._settings.max_key_records)
            self._found[name] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One message, its keys, and the time."""

    header_digests: HeaderDigests
    body_digests: BodyDigests
    keys: ChainKeys
    settings: ArcSettings
    now_s: float
