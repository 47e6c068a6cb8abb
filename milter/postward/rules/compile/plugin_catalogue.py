# SPDX-License-Identifier: GPL-3.0-or-later
"""What the compiler asks of the plugins that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from postward.rules.needs import Need

    SettingFault = Callable[[tuple[str | int, ...], str, str], None]
    """Called with the path of a setting, what is wrong with it, and a hint."""


class PluginCatalogue(Protocol):
    """Plugins by name."""

    def names(self) -> Collection[str]:
        """All that there are."""
        ...

    def needs(self, name: str) -> frozenset[Need]:
        """What a plugin reads."""
        ...

    def may(self, name: str) -> frozenset[str]:
        """The kinds of action that it may take."""
        ...

    def timeout_s(self, name: str) -> float:
        """What it gives itself."""
        ...

    def on_error(self, name: str) -> str:
        """What it wants done when it fails; "" leaves it to what it may do."""
        ...

    def check_settings(self, name: str, settings: Mapping[str, object], fault: SettingFault) -> None:
        """Report each setting that it does not take."""
        ...


class NoPlugins:
    """A catalogue without any."""

    def names(self) -> Collection[str]:
        """None."""
        return ()

    def needs(self, name: str) -> frozenset[Need]:  # noqa: ARG002 - there are none
        """Nothing."""
        return frozenset()

    def may(self, name: str) -> frozenset[str]:  # noqa: ARG002 - there are none
        """Nothing."""
        return frozenset()

    def timeout_s(self, name: str) -> float:  # noqa: ARG002 - there are none
        """No time."""
        return 0.0

    def on_error(self, name: str) -> str:  # noqa: ARG002 - there are none
        """Say nothing."""
        return ""

    def check_settings(self, name: str, settings: Mapping[str, object], fault: SettingFault) -> None:
        """There are none."""
