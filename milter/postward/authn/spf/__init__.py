# SPDX-License-Identifier: GPL-3.0-or-later
"""SPF (RFC 7208, with RFC 8616 for internationalised addresses); pyspf is the engine behind it.

Not implemented: the explanation string (``exp=``), which would put a stranger's text into our answers; the record
type SPF (99), which RFC 7208 section 3.1 retired.
"""

from __future__ import annotations

from postward.authn.spf.evaluation import check_helo, check_sender, evaluate_spf
from postward.authn.spf.prefetch import prefetch_spf
from postward.authn.spf.received import received_spf
from postward.authn.spf.settings import SpfSettings

__all__ = ["SpfSettings", "check_helo", "check_sender", "evaluate_spf", "prefetch_spf", "received_spf"]
