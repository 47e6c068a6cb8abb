# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plugin may ask and say while it looks at a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from postward.model.profile import Person, Profile


class PluginDirectory(Protocol):
    """The part of the directory that plugins ask; every question may raise DirectoryUnavailable."""

    def profile(self, address: str) -> Profile | None:
        """What is known of an address; None where nothing is."""
        ...

    def find_by_display_name(self, name: str) -> tuple[Person, ...]:
        """All people whose name looks like this one, whatever letters it is written with; see ``fold``."""
        ...


class Context(Protocol):
    """Belongs to one call of one plugin; what it is asked counts against the plugin's time."""

    @property
    def directory(self) -> PluginDirectory:
        """Needs ``directory``."""
        ...

    def rate(self, key: str, *, window_s: float, windows: int = 1) -> tuple[int, ...]:
        """Count one more event under a key of the plugin's own; needs ``rate``.

        Returns how many there were in each of the last ``windows`` windows, the latest first and this one included.
        Raises TemporaryFailure where the counters cannot be reached.
        """
        ...

    def log(self, text: str) -> None:
        """Have a line in Postward's log; of many or long ones the rest is dropped."""
        ...

    @property
    def remaining_s(self) -> float:
        """Seconds until the plugin is given up."""
        ...
