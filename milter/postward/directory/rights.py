# SPDX-License-Identifier: GPL-3.0-or-later
"""From patterns to what one sender may use; groups are expanded within bounds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.directory.address import Mailbox, domain_key
from postward.directory.entry import SenderEntry
from postward.directory.source import UnusableAnswer
from postward.model.sender_pattern import PatternKind, SenderPattern, parse_sender_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_PATTERNS = 1_000
"""Of one sender."""
MAX_MEMBERS = 10_000
"""Addresses that the groups of one sender come to."""
MAX_GROUPS = 100
"""That are looked up for one sender."""
_MAX_PATTERN_LENGTH = 600


@dataclass(slots=True)
class _Collected:
    addresses: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    parent_domains: set[str] = field(default_factory=set)
    groups: list[Mailbox] = field(default_factory=list)
    may_use_any: bool = False


def sender_entry(
    identity: str,
    patterns: Iterable[str],
    *,
    tenant: str = "",
    default_domain: str = "",
    members: Callable[[Mailbox], Iterable[str]] = lambda _group: (),
) -> SenderEntry:
    """What ``patterns`` give; those without a domain belong to ``default_domain``.

    Raises UnusableAnswer for a pattern that is none, and where there are too many of them.
    """
    collected = _Collected()
    for count, text in enumerate(patterns):
        if count >= MAX_PATTERNS:
            raise UnusableAnswer(f"more than {MAX_PATTERNS} patterns for one sender")
        _collect(_parsed(text), default_domain, collected)
    addresses = collected.addresses | expanded(collected.groups, members)
    return SenderEntry(
        identity=identity,
        tenant=tenant,
        addresses=frozenset(addresses),
        domains=frozenset(collected.domains),
        parent_domains=frozenset(collected.parent_domains),
        may_use_any=collected.may_use_any,
    )


def expanded(groups: Iterable[Mailbox], members: Callable[[Mailbox], Iterable[str]]) -> set[str]:
    """The addresses of groups and of their members, and those of groups that are members (``group:NAME``).

    A group within itself does no harm.  Raises UnusableAnswer where that leads to too many.
    """
    found: set[str] = set()
    asked: set[Mailbox] = set()
    waiting = deque(groups)
    while waiting:
        group = waiting.popleft()
        if group in asked:
            continue
        if len(asked) >= MAX_GROUPS:
            raise UnusableAnswer(f"more than {MAX_GROUPS} groups for one sender")
        asked.add(group)
        found.add(str(group))
        for text in members(group):
            _add_member(text, group.domain, found, waiting)
    return found


def _add_member(text: str, default_domain: str, found: set[str], waiting: deque[Mailbox]) -> None:
    pattern = _parsed(text)
    domain = domain_key(pattern.domain or default_domain)
    if domain is None or pattern.kind not in {PatternKind.ADDRESS, PatternKind.GROUP}:
        raise UnusableAnswer("a member of a group is no address")
    member = Mailbox(pattern.local_part, domain)
    if pattern.kind is PatternKind.GROUP:
        waiting.append(member)
    else:
        found.add(str(member))
    if len(found) + len(waiting) > MAX_MEMBERS:
        raise UnusableAnswer(f"more than {MAX_MEMBERS} addresses in the groups of one sender")


def _parsed(text: str) -> SenderPattern:
    if len(text) > _MAX_PATTERN_LENGTH:
        raise UnusableAnswer("a pattern is too long")
    try:
        return parse_sender_pattern(text.strip())
    except ValueError as error:
        raise UnusableAnswer(f"a pattern {error}") from None


def _collect(pattern: SenderPattern, default_domain: str, collected: _Collected) -> None:
    if pattern.kind is PatternKind.ANY:
        collected.may_use_any = True
        return
    domain = domain_key(pattern.domain or default_domain)
    if domain is None:
        raise UnusableAnswer("a pattern has no valid domain")
    match pattern.kind:
        case PatternKind.DOMAIN:
            collected.domains.add(domain)
        case PatternKind.SUBDOMAINS:
            collected.parent_domains.add(domain)
        case PatternKind.GROUP:
            collected.groups.append(Mailbox(pattern.local_part, domain))
        case _:
            collected.addresses.add(str(Mailbox(pattern.local_part, domain)))
