# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that DNS lists answer as lists should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok, warning
from postward.app.dns_lists import plan_dns_lists, probe_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration
    from postward.dns_lists.asking import Asking

CHECK = "dns_lists"
_ADVICE = "it is not asked until that is well; docs/dns-lists.md says what is probed"
_OWN_RESOLVER = "run a resolver of your own, such as unbound, or get a key for the list"


def check_dns_lists(config: Configuration, asking: Asking) -> Iterator[Finding]:
    """Probe each list that is switched on, with the resolver that the workers use."""
    plan = plan_dns_lists(config)
    for name, why in plan.refused:
        yield warning(CHECK, f"{name}: {why}", _OWN_RESOLVER)
    for name, fault in probe_faults(plan, asking).items():
        yield error(CHECK, f"{name}: {fault}", _ADVICE) if fault else ok(CHECK, f"{name}: answers as it should")
