# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask DNS lists ahead, as soon as it is known what they will be asked about; all of it on the DNS thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns_lists.subject import address_subject, domain_subject
from postward.dns_lists.zone import Subject
from postward.model.domain_above import domain_above
from postward.model.ip_address import is_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.checks.list_subjects import SubjectSettings
    from postward.dns.public_suffix import PublicSuffixes
    from postward.dns_lists.lists import DnsLists
    from postward.model.ip_address import IpAddress


class ListPrefetching:
    """Asks about what the check will most likely ask about."""

    def __init__(self, lists: DnsLists, settings: SubjectSettings, suffixes: Callable[[], PublicSuffixes]) -> None:
        self._lists = lists
        self._settings = settings
        self._suffixes = suffixes

    def client_known(self, client: IpAddress) -> None:
        """Ask about the address that delivers."""
        subject = address_subject(Subject.CLIENT, client)
        if subject is not None and not is_within(client, self._settings.exempt_networks):
            self._lists.ask_ahead((subject,))

    def domain_known(self, kind: Subject, host: str) -> None:
        """Ask about a domain."""
        if not self._lists.asks_for(kind):
            return
        subject = domain_subject(kind, host, self._suffixes().organizational_domain)
        if subject is not None and not domain_above(subject.label, self._settings.exempt_domains):
            self._lists.ask_ahead((subject,))
