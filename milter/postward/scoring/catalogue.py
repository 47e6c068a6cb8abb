# SPDX-License-Identifier: GPL-3.0-or-later
"""All symbols that Postward itself may find, and the scale that holds where nothing is configured.

Those of a block list that the operator has described himself, and of other scanners, are known from the configuration.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.checks.scanners import SCANNER_SYMBOLS
from postward.dns_lists.presets.all_presets import PRESET_SYMBOLS
from postward.reputation.symbols import REPUTATION_SYMBOLS
from postward.scoring.authentication import AUTHENTICATION_SYMBOLS
from postward.scoring.default_composites import DEFAULT_COMPOSITES
from postward.scoring.scale import Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.symbol import SymbolDefinition

_DEFINITIONS = (
    *AUTHENTICATION_SYMBOLS,
    *(symbol for check in (*HEADER_CHECKS, *BODY_CHECKS) for symbol in check.symbols),
    *PRESET_SYMBOLS,
    *SCANNER_SYMBOLS,
    *REPUTATION_SYMBOLS,
    *(composite.definition for composite in DEFAULT_COMPOSITES),
)

SYMBOLS: Mapping[str, SymbolDefinition] = MappingProxyType({each.name: each for each in _DEFINITIONS})
OPEN_PREFIXES = ("SA_", "RSPAMD_")
"""So begin the names of symbols that other scanners have found: there is no list of them."""
GROUP_CAPS: Mapping[str, float] = MappingProxyType({
    "headers": 4.5, "sender": 4.0, "subject": 2.0, "body": 2.5, "html": 2.0, "links": 3.0, "attachments": 2.0,
    "bulk": 1.0,
})  # fmt: skip
"""What a group counts at most; in the corpus of docs/quality.md none of them costs spam that is caught."""
DEFAULT_SCALE = Scale(definitions=SYMBOLS, group_caps=GROUP_CAPS, composites=DEFAULT_COMPOSITES)
