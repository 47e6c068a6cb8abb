# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source of the directory can be asked, and how it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postward.errors import TemporaryFailure

if TYPE_CHECKING:
    from postward.directory.entry import DomainEntry, Known, SenderEntry
    from postward.model.ip_address import IpNetwork
    from postward.model.profile import Person, Profile


NetworkSenders = tuple[tuple["IpNetwork", "SenderEntry"], ...]
"""What clients may use that do not log in, by network."""


class SourceFailure(TemporaryFailure):
    """The source did not answer; its text is for an operator and holds no password."""


class SourceTimeout(SourceFailure):
    """It did not answer in time, or is passed over because it lately did not."""


class UnusableAnswer(SourceFailure):
    """It answered with what cannot be used: too much, or not of the form that is expected."""


class Source(Protocol):
    """One place where domains, recipients, senders and people are known.

    Names come in lower case, domains as A-labels.  Every question may raise SourceFailure; one that is not immediate
    is asked on threads of the directory's own, several at a time.
    """

    @property
    def name(self) -> str:
        """What it is called in logs and metrics."""
        ...

    @property
    def is_immediate(self) -> bool:
        """It answers from memory, so that nobody has to wait for it or to remember what it said."""
        ...

    def domain(self, name: str) -> DomainEntry | None:
        """A hosted domain."""
        ...

    def recipient(self, local_part: str, domain: str) -> Known:
        """Whether the source has the address; NOT_HOSTED where it says nothing of the domain's recipients."""
        ...

    def sender(self, login: str) -> SenderEntry | None:
        """What a login may use, with its own address, aliases and groups; None where the login is not known."""
        ...

    def networks(self) -> NetworkSenders:
        """What clients may use that do not log in, by network."""
        ...

    def profile(self, local_part: str, domain: str) -> Profile | None:
        """What is known of an address besides that it exists."""
        ...

    def people(self) -> tuple[Person, ...]:
        """All who have a name, at most ``profile_answers.MAX_PEOPLE``, and each name once."""
        ...

    def close(self) -> None:
        """End the connections that are not in use; a question after that may open others."""
        ...
