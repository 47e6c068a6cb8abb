# SPDX-License-Identifier: GPL-3.0-or-later
"""One view of domains, recipients and senders, whoever knows them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from postward.directory.address import Mailbox, domain_key, login_key, mailbox
from postward.directory.counts import Counts
from postward.directory.entry import DomainEntry, Known, SenderEntry
from postward.directory.guard import GuardedSource
from postward.directory.people import PeopleRegister
from postward.directory.profile_answers import merged_profile
from postward.directory.register import Inquiry, RegisterMaker
from postward.directory.settings import LookUpSettings
from postward.directory.source import SourceFailure
from postward.errors import DirectoryUnavailable
from postward.model.ip_address import IpAddress, IpNetwork, is_within, plain_address
from postward.model.not_remembered import NotRemembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postward.directory.source import NetworkSenders, Source
    from postward.model.profile import Person, Profile

_Answer = TypeVar("_Answer")
_POSTMASTER = "postmaster"
_DEFAULT_SETTINGS = LookUpSettings()


class Directory:
    """Asks its sources in their order; the first that knows a domain or a login answers, any may know a recipient.

    Of one address, and of its people, each may know something.  ``domain``, ``recipient``, ``sender``, ``profile`` and
    ``people`` block for ``timeout_s`` at most and raise DirectoryUnavailable; they are for threads that Python made.
    What begins with ``recall`` answers from memory, at once and on any thread.
    """

    def __init__(
        self,
        sources: Sequence[Source] = (),
        settings: LookUpSettings = _DEFAULT_SETTINGS,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_failure: Callable[[str, SourceFailure], None] = lambda _source, _failure: None,
    ) -> None:
        """``on_failure`` is told the name of a source that failed, on the thread that asked, now and then."""
        self.counts = Counts()
        self._timeout_s = settings.timeout_s
        self._clock = clock
        self._sources = tuple(GuardedSource(source, settings, clock=clock, on_failure=on_failure) for source in sources)
        register = RegisterMaker(
            settings,
            # What is in memory anyway is asked each time.
            remembers=not all(source.is_immediate for source in sources),
            clock=clock,
            counts=self.counts,
        )
        self._domains = register(Inquiry(ask=self._ask_domain, is_positive=bool, serves_stale=lambda _entry: True))
        self._recipients = register(
            Inquiry(
                ask=self._ask_recipient,
                is_positive=lambda known: known is Known.YES,
                serves_stale=lambda known: known is not Known.NO,
            )
        )
        self._logins = register(Inquiry(ask=self._ask_login, is_positive=bool, serves_stale=bool))
        self._networks = register(Inquiry(ask=self._ask_networks, is_positive=bool, serves_stale=lambda _found: True))
        self._profiles = register(Inquiry(ask=self._ask_profile, is_positive=bool, serves_stale=bool))
        self._people = PeopleRegister(sources, settings, clock=clock, counts=self.counts, on_failure=on_failure)

    @property
    def is_empty(self) -> bool:
        """Nothing is configured: no right is judged, and no recipient refused."""
        return not self._sources

    def domain(self, name: str) -> DomainEntry | None:
        """A hosted domain, or None; raises DirectoryUnavailable."""
        key = domain_key(name)
        return None if key is None else self._domains.ask(key, self._deadline_s())

    def recipient(self, address: str) -> Known:
        """Whether an address exists, by itself or without its ``+`` tag; raises DirectoryUnavailable."""
        wanted = mailbox(address)
        if wanted is None:
            return self._without_mailbox(self.domain(address.rpartition("@")[2]))
        deadline_s = self._deadline_s()
        if self._domains.ask(wanted.domain, deadline_s) is None:
            return Known.NOT_HOSTED
        known = Known.NO
        for form in _forms(wanted):
            known = self._recipients.ask(form, deadline_s)
            if known is not Known.NO:
                break
        return known

    def sender(self, login: str, client: IpAddress | None) -> SenderEntry | None:
        """What a login may use; without one what the narrowest network gives that holds the client.

        None where nothing is known of them; raises DirectoryUnavailable.
        """
        if login:
            key = login_key(login)
            return None if key is None else self._logins.ask(key, self._deadline_s())
        return None if client is None else _narrowest(client, self._networks.ask(None, self._deadline_s()))

    def profile(self, address: str) -> Profile | None:
        """What is known of an address, without its ``+`` tag or, where that is nothing, with it.

        Of an address elsewhere only what is in memory anyway, such as the groups of a file that it is a member of.
        Raises DirectoryUnavailable.
        """
        wanted = mailbox(address)
        if wanted is None:
            return None
        deadline_s = self._deadline_s()
        if self._domains.ask(wanted.domain, deadline_s) is None:
            return self._profile_at_hand(wanted)
        profiles = (self._profiles.ask(form, deadline_s) for form in _forms(wanted))
        return next((profile for profile in profiles if profile is not None), None)

    def people(self) -> tuple[Person, ...]:
        """All who have a name; raises DirectoryUnavailable."""
        return self._people.ask(self._deadline_s())

    def probe(self, address: str) -> None:
        """Have all sources say what they know of an address, hosted or not; raises DirectoryUnavailable."""
        wanted = mailbox(address)
        if wanted is not None:
            self._ask_recipient(wanted, self._deadline_s())
            self._ask_profile(wanted, self._deadline_s())

    def recall_domain(self, name: str) -> DomainEntry | NotRemembered | None:
        """The same as ``domain`` from what is remembered."""
        key = domain_key(name)
        return None if key is None else self._domains.recall(key)

    def recall_recipient(self, address: str) -> Known | NotRemembered:
        """The same as ``recipient`` from what is remembered."""
        wanted = mailbox(address)
        domain = self.recall_domain(wanted.domain if wanted else address.rpartition("@")[2])
        if isinstance(domain, NotRemembered):
            return domain
        if wanted is None:
            return self._without_mailbox(domain)
        if domain is None:
            return Known.NOT_HOSTED
        known: Known | NotRemembered = Known.NO
        for form in _forms(wanted):
            known = self._recipients.recall(form)
            if known is not Known.NO:
                break
        return known

    def recall_sender(self, login: str, client: IpAddress | None) -> SenderEntry | NotRemembered | None:
        """The same as ``sender`` from what is remembered."""
        if login:
            key = login_key(login)
            return None if key is None else self._logins.recall(key)
        networks = () if client is None else self._networks.recall(None)
        if isinstance(networks, NotRemembered):
            return networks
        return None if client is None else _narrowest(client, networks)

    def recall_profile(self, address: str) -> Profile | NotRemembered | None:
        """The same as ``profile`` from what is remembered."""
        wanted = mailbox(address)
        domain = None if wanted is None else self._domains.recall(wanted.domain)
        if wanted is None or isinstance(domain, NotRemembered):
            return domain if isinstance(domain, NotRemembered) else None
        if domain is None:
            return self._profile_at_hand(wanted)
        profiles = (self._profiles.recall(form) for form in _forms(wanted))
        return next((profile for profile in profiles if profile is not None), None)

    def recall_people(self) -> tuple[Person, ...] | NotRemembered:
        """The same as ``people`` from what is remembered and fresh."""
        return self._people.recall()

    def close(self) -> None:
        """End all connections; questions after that raise DirectoryUnavailable."""
        self._people.close()
        for source in self._sources:
            source.close()

    def _deadline_s(self) -> float:
        return self._clock() + self._timeout_s

    def _without_mailbox(self, domain: DomainEntry | None) -> Known:
        """No mailbox of a hosted domain has such an address."""
        return Known.NOT_HOSTED if domain is None else Known.NO

    def _ask_domain(self, name: str, deadline_s: float) -> DomainEntry | None:
        return self._first(lambda source: source.domain(name), deadline_s)

    def _ask_login(self, login: str, deadline_s: float) -> SenderEntry | None:
        return self._first(lambda source: source.sender(login), deadline_s)

    def _first(self, question: Callable[[Source], _Answer | None], deadline_s: float) -> _Answer | None:
        """The first answer that is one; a source that fails may have had it, so nobody behind it is believed."""
        for source in self._sources:
            try:
                answer = source.ask(question, deadline_s)
            except SourceFailure as failure:
                raise DirectoryUnavailable(str(failure)) from failure
            if answer is not None:
                return answer
        return None

    def _ask_recipient(self, wanted: Mailbox, deadline_s: float) -> Known:
        """An address exists where any source has it, and does not where all have answered and one knows them all."""
        # RFC 5321 section 4.5.1: postmaster exists wherever mail is taken.
        answer = Known.YES if wanted.local_part == _POSTMASTER else Known.NOT_HOSTED
        failure: SourceFailure | None = None
        for source in self._sources:
            if answer is Known.YES:
                return answer
            try:
                known = source.ask(lambda source: source.recipient(wanted.local_part, wanted.domain), deadline_s)
            except SourceFailure as error:
                failure = error
            else:
                answer = answer if known is Known.NOT_HOSTED else known
        if failure is not None and answer is not Known.YES:
            raise DirectoryUnavailable(str(failure)) from failure
        return answer

    def _ask_profile(self, wanted: Mailbox, deadline_s: float) -> Profile | None:
        """What all sources say together; one that fails may have had a group that a rule asks for."""
        return self._profile_from(self._sources, wanted, deadline_s)

    def _profile_at_hand(self, wanted: Mailbox) -> Profile | None:
        immediate = [source for source in self._sources if source.is_immediate]
        profiles = (self._profile_from(immediate, form, self._deadline_s()) for form in _forms(wanted))
        return next((profile for profile in profiles if profile is not None), None)

    def _profile_from(self, sources: Sequence[GuardedSource], wanted: Mailbox, deadline_s: float) -> Profile | None:
        found = []
        for source in sources:
            try:
                profile = source.ask(lambda source: source.profile(wanted.local_part, wanted.domain), deadline_s)
            except SourceFailure as failure:
                raise DirectoryUnavailable(str(failure)) from failure
            if profile is not None:
                found.append(profile)
        return merged_profile(found)

    def _ask_networks(self, _key: None, deadline_s: float) -> NetworkSenders:
        """Those of all sources; of the same network in two, the first one's."""
        found: dict[IpNetwork, SenderEntry] = {}
        for source in self._sources:
            try:
                networks = source.ask(lambda source: source.networks(), deadline_s)
            except SourceFailure as failure:
                raise DirectoryUnavailable(str(failure)) from failure
            found = dict(networks) | found
        return tuple(found.items())


def _forms(wanted: Mailbox) -> Iterable[Mailbox]:
    """Without its tag first, for that serves all the tags; the address itself may exist as it is written too."""
    return dict.fromkeys((wanted.untagged, wanted))


def _narrowest(client: IpAddress, networks: NetworkSenders) -> SenderEntry | None:
    address = plain_address(client)
    holding = [(network.prefixlen, entry) for network, entry in networks if is_within(address, (network,))]
    return max(holding, key=lambda each: each[0])[1] if holding else None
