# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory as rules ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.directory.entry import Known

if TYPE_CHECKING:
    from postward.directory.directory import Directory
    from postward.model.profile import Person, Profile
    from postward.rules.services import RuleDirectory

_KNOWN = {Known.YES: True, Known.NO: False, Known.NOT_HOSTED: None}


def rule_directory(directory: Directory | None) -> RuleDirectory:
    """Of a directory that may be empty, or not there at all."""
    return NoDirectory() if directory is None or directory.is_empty else AskedDirectory(directory)


class AskedDirectory:
    """Blocks as the directory does, which is to be closed by whoever opened it; see ``rules.services.RuleDirectory``.

    Every question may raise DirectoryUnavailable.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def profile(self, address: str) -> Profile | None:
        """What is known of an address, without its ``+`` tag."""
        return self._directory.profile(address)

    def people(self) -> tuple[Person, ...]:
        """All who have a name."""
        return self._directory.people()

    def is_hosted(self, domain: str) -> bool:
        """Whether a domain is ours."""
        return self._directory.domain(domain) is not None

    def knows(self, address: str) -> bool | None:
        """Whether a recipient exists; None for one elsewhere, or where nothing is said of its domain's recipients."""
        return _KNOWN[self._directory.recipient(address)]


class NoDirectory:
    """Knows nothing."""

    def profile(self, address: str) -> Profile | None:  # noqa: ARG002 - the protocol's
        """None of anybody."""
        return None

    def people(self) -> tuple[Person, ...]:
        """Nobody."""
        return ()

    def is_hosted(self, domain: str) -> bool | None:  # noqa: ARG002 - the protocol's
        """None: it may be ours or not."""
        return None

    def knows(self, address: str) -> bool | None:  # noqa: ARG002 - the protocol's
        """None: it may exist or not."""
        return None
