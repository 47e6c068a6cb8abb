# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate SPF for one message: MAIL FROM and HELO (RFC 7208, RFC 8616).

A record can be hostile, and so can the identity: whatever they hold, the outcome is one of the seven results.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.authn.spf.engine import PolicyQuery
from postward.authn.spf.identity import MAX_SHOWN_CHARACTERS, POSTMASTER, checkable_domain, split_identity
from postward.dns.names import to_ascii
from postward.errors import PermanentFailure, TemporaryFailure
from postward.model.ip_address import plain_address
from postward.model.spf import SpfResult, SpfScope, SpfStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.authn.spf.settings import SpfSettings
    from postward.dns.resolver import Lookup
    from postward.model.ip_address import IpAddress

MAX_PROBLEM_CHARACTERS = 200

_RECORD_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What pyspf may raise over a record that nobody foresaw (UnicodeError is a ValueError)."""
_NO_DOMAIN = (SpfStatus.NONE, "the identity has no domain that could have a record", "")
_ERRORS = frozenset({SpfStatus.TEMPERROR, SpfStatus.PERMERROR})


def evaluate_spf(
    *,
    client: IpAddress,
    identity: str,
    helo: str,
    scope: SpfScope,
    lookup: Lookup,
    settings: SpfSettings,
    clock: Callable[[], float] = time.monotonic,
) -> SpfResult:
    """Evaluate one identity: a MAIL FROM address under scope mfrom; under scope helo the domain is ``helo``.

    ``identity`` is what the result shows, unless it is too long: then the domain.  Never raises.
    """
    local_part, text = split_identity(identity, helo, scope)
    domain = checkable_domain(text)
    if domain is None:
        return _result(_NO_DOMAIN, scope, identity, text)
    query = PolicyQuery(
        client=plain_address(client),
        local_part=local_part,
        domain=domain,
        # RFC 8616 section 4: U-labels become A-labels before they are used in a macro.
        helo=to_ascii(helo) or helo,
        lookup=lookup,
        settings=settings,
        clock=clock,
    )
    return _result(_run(query), scope, identity, domain)


def _result(found: tuple[SpfStatus, str, str], scope: SpfScope, identity: str, domain: str) -> SpfResult:
    """What was found, with every text cut to a length that can be shown."""
    status, problem, mechanism = found
    return SpfResult(
        status=status,
        scope=scope,
        domain=domain[:MAX_SHOWN_CHARACTERS],
        identity=_shown(identity, domain),
        problem=problem[:MAX_PROBLEM_CHARACTERS],
        mechanism=mechanism[:MAX_SHOWN_CHARACTERS],
    )


def _shown(identity: str, domain: str) -> str:
    """The identity whole, or the domain alone: an address that is cut off shows another domain."""
    return identity if len(identity) <= MAX_SHOWN_CHARACTERS else domain[:MAX_SHOWN_CHARACTERS]


def check_sender(*, client: IpAddress, mail_from: str, helo: str, lookup: Lookup, settings: SpfSettings) -> SpfResult:
    """Evaluate MAIL FROM; for the null path postmaster@HELO with scope helo (RFC 7208 section 2.4)."""
    scope = SpfScope.MFROM if mail_from else SpfScope.HELO
    identity = mail_from or f"{POSTMASTER}@{helo}"
    return evaluate_spf(client=client, identity=identity, helo=helo, scope=scope, lookup=lookup, settings=settings)


def check_helo(*, client: IpAddress, helo: str, lookup: Lookup, settings: SpfSettings) -> SpfResult:
    """Evaluate the HELO identity by itself (RFC 7208 section 2.3)."""
    return evaluate_spf(client=client, identity=helo, helo=helo, scope=SpfScope.HELO, lookup=lookup, settings=settings)


def _run(query: PolicyQuery) -> tuple[SpfStatus, str, str]:
    """The engine's result, why it is none or an error, and the mechanism that matched."""
    try:
        status = SpfStatus(query.check()[0])
    except TemporaryFailure as failure:
        return SpfStatus.TEMPERROR, str(failure), ""
    except PermanentFailure as failure:
        return SpfStatus.PERMERROR, str(failure), ""
    except _RECORD_FAULTS as fault:
        return SpfStatus.PERMERROR, f"the record cannot be evaluated: {type(fault).__name__}", ""
    if status in _ERRORS:
        return status, str(query.prob), ""
    return status, "no SPF record" if status is SpfStatus.NONE else "", query.mechanism or ""
