# SPDX-License-Identifier: GPL-3.0-or-later
"""All presets by their names, and all symbols that they lead to."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.dns_lists.presets.barracuda import BARRACUDA
from postward.dns_lists.presets.dnswl import DNSWL
from postward.dns_lists.presets.mailspike import MAILSPIKE
from postward.dns_lists.presets.psbl import PSBL
from postward.dns_lists.presets.senderscore import SENDERSCORE
from postward.dns_lists.presets.spamcop import SPAMCOP
from postward.dns_lists.presets.spamhaus import SPAMHAUS
from postward.dns_lists.presets.surbl import SURBL
from postward.dns_lists.presets.uceprotect import UCEPROTECT
from postward.dns_lists.presets.uribl import URIBL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.dns_lists.zone import ListZone
    from postward.model.symbol import SymbolDefinition

_ZONES = (
    *SPAMHAUS, *SPAMCOP, *BARRACUDA, *PSBL, *UCEPROTECT, *MAILSPIKE, *SURBL, *URIBL, *DNSWL, *SENDERSCORE,
)  # fmt: skip

PRESETS: Mapping[str, ListZone] = MappingProxyType({zone.name: zone for zone in _ZONES})
PRESET_SYMBOLS: tuple[SymbolDefinition, ...] = tuple(
    {symbol.name: symbol for zone in _ZONES for symbol in zone.symbols}.values()
)
