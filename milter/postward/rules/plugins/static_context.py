# SPDX-License-Identifier: GPL-3.0-or-later
"""A context without any services, for tests of plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.message.static_directory import StaticDirectory
from postward.rules.plugins.names import NameIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.profile import Person, Profile
    from postward.rules.services import RuleDirectory


class StaticContext:
    """See ``Context``; ``lines`` has what was logged."""

    def __init__(
        self,
        *,
        directory: RuleDirectory | None = None,
        counts: Mapping[str, tuple[int, ...]] | None = None,
        remaining_s: float = 2.0,
    ) -> None:
        """``counts``: events under each key before the first call, in the latest window and those before it."""
        self._directory = directory or StaticDirectory()
        self._counts = {key: list(before) for key, before in (counts or {}).items()}
        self._names = NameIndex()
        self.remaining_s = remaining_s
        self.lines: list[str] = []

    @property
    def directory(self) -> StaticContext:
        """Itself."""
        return self

    def profile(self, address: str) -> Profile | None:
        """What the directory says."""
        return self._directory.profile(address)

    def find_by_display_name(self, name: str) -> tuple[Person, ...]:
        """All people whose name looks like this one."""
        return self._names.find(self._directory, name)

    def rate(self, key: str, *, window_s: float, windows: int = 1) -> tuple[int, ...]:  # noqa: ARG002 - no time passes
        """Count one more."""
        counts = self._counts.setdefault(key, [0])
        counts[0] += 1
        return tuple((counts + [0] * windows)[:windows])

    def log(self, text: str) -> None:
        """Keep it."""
        self.lines.append(text)
