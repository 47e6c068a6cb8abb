# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known while rules are compiled: named lists and maps, plugins, names that the configuration knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.rules.compile.lists import ListReader
from postward.rules.compile.plugin_catalogue import NoPlugins

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from postward.rules.compile.place import Faults
    from postward.rules.compile.plugin_catalogue import PluginCatalogue


@dataclass(slots=True, kw_only=True)
class Context:
    """The same for all rules of a set."""

    faults: Faults
    lists: ListReader = field(default_factory=ListReader)
    maps: dict[str, Mapping[str, str]] = field(default_factory=dict)
    plugins: PluginCatalogue = field(default_factory=NoPlugins)
    known_names: Mapping[str, Collection[str]] = field(default_factory=lambda: MappingProxyType({}))
    """Names that the configuration knows, by the kind of action that may name them; what is not here is not checked."""
    now_s: float | None = None
    """For what has to do with dates; None where nobody may look at the clock."""
    says_of_bounces: set[str] = field(default_factory=set)
    """Ids of rules that say whether they look at mail with the null sender."""
    rule: str = ""
    """Id of the rule that is read."""
