# SPDX-License-Identifier: GPL-3.0-or-later
"""ARC sealing (RFC 8617 section 5.1): vouch for what was found in a message before it is passed on or changed.

``Sealer`` makes one ARC Set over the final bytes; ``reason_to_seal`` says whether a message is to have one.
"""

from __future__ import annotations

from postward.signing.arc.sealer import Sealer, Sealing
from postward.signing.arc.when import SealWhen, reason_to_seal

__all__ = ["SealWhen", "Sealer", "Sealing", "reason_to_seal"]
