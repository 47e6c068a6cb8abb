# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message may go by another way: Postfix's FILTER takes all its recipients along, those of this host too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.rules.services import RuleDirectory


def route_objection(recipients: Iterable[str], directory: RuleDirectory) -> str:
    """Say why a message to ``recipients``, all that it will have, cannot be routed, in words; "" where it can.

    Only what is known to be hosted elsewhere may go.  The words hold domains as their senders wrote them.  May raise
    DirectoryUnavailable.
    """
    objections = (_objection(domain, directory) for domain in dict.fromkeys(map(_domain, recipients)))
    return next(filter(None, objections), "")


def _domain(recipient: str) -> str:
    _, at_sign, domain = recipient.rpartition("@")
    return domain.lower().removesuffix(".") if at_sign else ""


def _objection(domain: str, directory: RuleDirectory) -> str:
    if "." not in domain:
        return "a recipient without a full domain is of this host, and would be taken along"
    if domain.startswith("["):
        return f"{domain} may be this host's own address, and its recipients would be taken along"
    is_hosted = directory.is_hosted(domain)
    if is_hosted is None:
        return f"without a directory nobody knows whether {domain} is hosted here"
    return f"{domain} is hosted here, and its recipients would be taken along" if is_hosted else ""
