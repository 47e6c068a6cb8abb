# SPDX-License-Identifier: GPL-3.0-or-later
"""iprev, the forward-confirmed reverse DNS check (RFC 8601 section 3)."""

from __future__ import annotations

from postward.authn.iprev.confirmation import check_iprev, prefetch_iprev
from postward.authn.iprev.reverse_name import reverse_name

__all__ = ["check_iprev", "prefetch_iprev", "reverse_name"]
