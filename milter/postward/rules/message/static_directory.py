# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory that is given whole: in a plugin's process, and in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.profile import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.model.profile import Profile


class StaticDirectory:
    """See ``rules.services.RuleDirectory``."""

    def __init__(
        self,
        *,
        hosted: Iterable[str] = (),
        profiles: Iterable[Profile] = (),
        people: Iterable[Person] | None = None,
        is_complete: bool = True,
    ) -> None:
        """``people`` None takes those of the profiles; not ``is_complete`` knows of no domain that is not ours."""
        self._hosted = frozenset(domain.lower() for domain in hosted)
        self._profiles = {profile.address.lower(): profile for profile in profiles}
        self._people = tuple(_people(self._profiles.values()) if people is None else people)
        self._is_complete = is_complete

    def profile(self, address: str) -> Profile | None:
        """Of an address, without its ``+`` tag."""
        local_part, at, domain = address.lower().rpartition("@")
        untagged = f"{local_part.partition('+')[0]}{at}{domain}"
        return self._profiles.get(address.lower()) or self._profiles.get(untagged)

    def people(self) -> tuple[Person, ...]:
        """All who have a name."""
        return self._people

    def is_hosted(self, domain: str) -> bool | None:
        """None where there is no directory."""
        if domain.lower() in self._hosted:
            return True
        return False if self._is_complete and (self._hosted or self._profiles) else None

    def knows(self, address: str) -> bool | None:
        """None where nothing is said of the domain."""
        hosted = self.is_hosted(address.rpartition("@")[2])
        return self.profile(address) is not None if hosted else None


def _people(profiles: Iterable[Profile]) -> Iterable[Person]:
    return (
        Person(name=profile.name, addresses=profile.other_addresses | {profile.address.lower()})
        for profile in profiles
        if profile.name
    )
