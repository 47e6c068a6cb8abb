# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that DNS answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok, warning
from postward.dns.answer import Outcome, RecordType

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.app.diagnose.finding import Finding
    from postward.dns.answer import Answer

CHECK = "dns"
PROBE_NAME = "example.com"
"""A name that exists for such uses (RFC 2606 section 3)."""


def check_dns(resolve: Callable[[str, RecordType], Answer], servers: tuple[str, ...]) -> Finding:
    """Look a well-known name up with the resolver that the workers use."""
    asked = ", ".join(servers) if servers else "the servers of /etc/resolv.conf"
    answer = resolve(PROBE_NAME, RecordType.TXT)
    match answer.outcome:
        case Outcome.OK | Outcome.NODATA:
            return ok(CHECK, f"{asked}: answered for {PROBE_NAME}")
        case Outcome.NXDOMAIN:
            advice = "right only for a network that is cut off from the Internet"
            return warning(CHECK, f"{asked}: answered that {PROBE_NAME} does not exist", advice)
        case _:
            advice = "set dns.servers to a resolver that answers; a local one, such as unbound, serves a mail host best"
            return error(CHECK, f"{asked}: no answer for {PROBE_NAME} ({answer.outcome.value})", advice)


def check_authserv_id(name: str) -> Finding:
    """Results under a name that other hosts have too could be forged."""
    if "." in name:
        return ok("authserv_id", f"results are reported as {name}")
    message = f"results are reported as {name}, which is no full host name"
    return warning("authserv_id", message, "set authserv_id, or the host's full name in /etc/hosts")
