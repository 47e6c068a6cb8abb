# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules may ask while they are evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from postward.model.profile import Person, Profile


class RuleDirectory(Protocol):
    """The part of the directory that rules ask; every question may raise DirectoryUnavailable."""

    def profile(self, address: str) -> Profile | None:
        """What is known of an address, without its ``+`` tag; None where nothing is."""
        ...

    def people(self) -> tuple[Person, ...]:
        """All who have a name."""
        ...

    def is_hosted(self, domain: str) -> bool | None:
        """Whether a domain is ours; None where there is no directory."""
        ...

    def knows(self, address: str) -> bool | None:
        """Whether a recipient exists; None where the directory says nothing of its domain's recipients."""
        ...


class Rates(Protocol):
    """Counters over time that all workers and hosts share."""

    def count(self, key: str, *, windows: int, window_s: float, now_s: float) -> tuple[int, ...]:
        """Count one more event under ``key``; returns the counts of the last ``windows`` windows, the latest first.

        Raises TemporaryFailure where the counters cannot be reached.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleServices:
    """Handed to every condition and every action template."""

    directory: RuleDirectory
    rates: Rates
    secret: bytes = b""
    """This host's own, for marks in header fields that nobody can forge; b"" makes and knows none."""
