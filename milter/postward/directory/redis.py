# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains, recipients, senders and people from Redis, where the operator's own programs have put them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from postward.directory.address import Mailbox
from postward.directory.answers import MAX_NETWORKS, bounded, network_senders, own_patterns, split_patterns
from postward.directory.entry import Known
from postward.directory.fields import MAX_FIELDS, domain_entry, plain_text
from postward.directory.profile_answers import GROUP, MAX_NAMED_ADDRESSES, USER
from postward.directory.profile_fields import people_of, profile_entry, split_names
from postward.directory.rights import MAX_MEMBERS, MAX_PATTERNS, sender_entry
from postward.directory.source import SourceFailure, UnusableAnswer
from postward.store.directory_reader import RedisTooMuch, RedisUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.directory.entry import DomainEntry, SenderEntry
    from postward.directory.source import NetworkSenders
    from postward.model.profile import Person, Profile
    from postward.store.directory_reader import DirectoryReader

_ALL_RECIPIENTS = "*"
_TENANT_MARK = "tenant:"
_Answer = TypeVar("_Answer")


class RedisSource:
    """Hashes ``domain:{NAME}``, ``networks``, ``profile:{ADDRESS}`` and ``people``; and sets.

    These are ``recipients:{DOMAIN}``, ``sender:{LOGIN}`` and ``group:{ADDRESS}``.

    In a sender's set, and in the value of a network, ``tenant:NAME`` says whose it is; all else are patterns.
    """

    name = "redis"
    is_immediate = False

    def __init__(self, reader: DirectoryReader) -> None:
        self._reader = reader

    def domain(self, name: str) -> DomainEntry | None:
        """The hash ``domain:{NAME}``; its fields as ``fields.domain_entry`` has them."""
        fields = _translated(lambda: self._reader.fields("domain", name, MAX_FIELDS))
        return domain_entry(name, {plain_text(key): value for key, value in fields.items()}) if fields else None

    def recipient(self, local_part: str, domain: str) -> Known:
        """The set ``recipients:{DOMAIN}`` of local parts, or ``*`` for all."""
        found = _translated(lambda: self._reader.is_member("recipients", domain, (local_part, _ALL_RECIPIENTS)))
        if found is None:
            return Known.NOT_HOSTED
        return Known.YES if found else Known.NO

    def sender(self, login: str) -> SenderEntry | None:
        """The set ``sender:{LOGIN}``."""
        members = _translated(lambda: self._reader.members("sender", login, MAX_PATTERNS))
        if members is None:
            return None
        patterns, tenant = _without_tenant(members)
        return sender_entry(login, (*own_patterns(login), *patterns), tenant=tenant, members=self._members)

    def networks(self) -> NetworkSenders:
        """The hash ``networks``: by network, patterns with white space between them."""
        fields = _translated(lambda: self._reader.fields("networks", "", MAX_NETWORKS))
        rows = []
        for network, value in fields.items():
            patterns, tenant = _without_tenant([value])
            rows.append((network, " ".join(patterns), tenant))
        return network_senders(rows, self._members)

    def profile(self, local_part: str, domain: str) -> Profile | None:
        """The hash ``profile:{ADDRESS}``, or the set ``group:{ADDRESS}``; fields as in ``profile_fields``."""
        address = Mailbox(local_part, domain)
        fields = _translated(lambda: self._reader.fields("profile", str(address), MAX_FIELDS))
        given: dict[str, object] = {plain_text(key): value for key, value in fields.items()}
        is_group = "kind" not in given and self._is_group(address)
        if not given and not is_group:
            return None
        groups, other_addresses = given.pop("groups", None), given.pop("other_addresses", None)
        return profile_entry(
            address,
            given,
            default_kind=GROUP if is_group else USER,
            groups=split_names([groups]),
            other_addresses=[other_addresses],
        )

    def people(self) -> tuple[Person, ...]:
        """The hash ``people``: by address, a name."""
        fields = _translated(lambda: self._reader.fields("people", "", MAX_NAMED_ADDRESSES))
        return people_of((name, address) for address, name in fields.items())

    def close(self) -> None:
        """End the connections."""
        self._reader.close()

    def _is_group(self, address: Mailbox) -> bool:
        return _translated(lambda: self._reader.is_member("group", str(address), ("",))) is not None

    def _members(self, group: Mailbox) -> list[str]:
        members = _translated(lambda: self._reader.members("group", str(group), MAX_MEMBERS))
        return [plain_text(member) for member in members or ()]


def _translated(ask: Callable[[], _Answer]) -> _Answer:
    try:
        return ask()
    except RedisTooMuch as error:
        raise UnusableAnswer(str(error)) from error
    except RedisUnreadable as error:
        raise SourceFailure(str(error)) from error


def _without_tenant(values: list[bytes]) -> tuple[list[str], str]:
    """The patterns, and the tenant or ""."""
    texts = bounded(split_patterns(values), MAX_PATTERNS, "patterns for one sender")
    tenant = next((text.removeprefix(_TENANT_MARK) for text in texts if text.startswith(_TENANT_MARK)), "")
    return [text for text in texts if not text.startswith(_TENANT_MARK)], tenant
