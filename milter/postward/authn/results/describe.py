# SPDX-License-Identifier: GPL-3.0-or-later
"""Put what the checks found into the words of RFC 8601 section 2.7, RFC 8617 section 6 and RFC 9989 section 9.1.

Only what is registered stands in results and properties; all else is in comments, for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.results.address import shown_address
from postward.authn.results.method_result import MethodResult
from postward.model.dmarc import DmarcDisposition
from postward.model.spf import SpfScope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.arc import ArcResult
    from postward.model.connection import Authentication
    from postward.model.dkim import DkimResult
    from postward.model.dmarc import DmarcResult
    from postward.model.iprev import IprevResult
    from postward.model.origin import Origin
    from postward.model.override import ArcOverride
    from postward.model.spf import SpfResult
    from postward.model.transaction import Facts

_METHODS = frozenset({"arc", "dkim", "dmarc", "iprev", "spf"})


def describe(
    facts: Facts,
    origin: Origin,
    *,
    dmarc_disposition: DmarcDisposition = DmarcDisposition.NONE,
    smtputf8: bool = False,
) -> tuple[MethodResult, ...]:
    """Describe ``facts`` in the order in which they build on each other; empty where nothing was checked.

    A check that should have run and did not is ``temperror``: readers know that word, and it is no pass.
    ``dmarc_disposition`` is what was done for the domain owner's policy.
    """
    results: list[MethodResult] = []
    if facts.iprev is not None:
        results.append(_iprev(facts.iprev, origin))
    results.extend(_spf(result, smtputf8=smtputf8) for result in _spf_results(facts))
    if facts.dkim is not None:
        results.extend(_dkim(signature, smtputf8=smtputf8) for signature in facts.dkim)
        if not facts.dkim:
            results.append(MethodResult(method="dkim", result="none", comment="no signature"))
    if facts.arc is not None:
        results.append(_arc(facts.arc, origin))
    if facts.dmarc is not None:
        results.append(_dmarc(facts.dmarc, facts.arc_override, dmarc_disposition))
    return (*results, *_not_checked(facts, {result.method for result in results}))


def describe_login(authentication: Authentication, *, name_user: bool) -> MethodResult:
    """Describe the SMTP AUTH of a client that has logged in (RFC 8601 section 2.7.4), on demand without its login."""
    if not name_user:
        return MethodResult(method="auth", result="pass")
    properties = (("smtp", "auth", authentication.user),)
    return MethodResult(method="auth", result="pass", properties=properties, comment=authentication.mechanism)


def _iprev(iprev: IprevResult, origin: Origin) -> MethodResult:
    # RFC 8601 section 2.7.3.
    properties = (("policy", "iprev", str(origin.client)),) if origin.client else ()
    comment = _joined(iprev.name or "", iprev.reason)
    return MethodResult(method="iprev", result=iprev.status, properties=properties, comment=comment)


def _spf_results(facts: Facts) -> Iterator[SpfResult]:
    """MAIL FROM first: it is what readers of a single SPF result want, and what DMARC goes by."""
    if facts.spf is not None:
        yield facts.spf
    # For a null path the first one is about HELO already (RFC 7208 section 2.4).
    if facts.spf_helo is not None and (facts.spf is None or facts.spf.scope is not SpfScope.HELO):
        yield facts.spf_helo


def _spf(spf: SpfResult, *, smtputf8: bool) -> MethodResult:
    # RFC 8601 section 2.7.2.
    if spf.scope is SpfScope.HELO:
        identity = ("smtp", "helo", spf.domain or spf.identity.rpartition("@")[2])
    else:
        identity = ("smtp", "mailfrom", _mail_from(spf, smtputf8=smtputf8))
    properties = (identity,) if identity[2] else ()
    return MethodResult(method="spf", result=spf.status, properties=properties, comment=spf.problem)


def _mail_from(spf: SpfResult, *, smtputf8: bool) -> str:
    """The whole address where it can stand in the field, else the domain alone, which RFC 8601 allows."""
    return shown_address(spf.identity, smtputf8=smtputf8) or spf.domain


def _agent(identity: str, *, smtputf8: bool) -> str:
    """The tag i=, whose local part may be left out (RFC 6376 section 3.5)."""
    _, at, domain = identity.rpartition("@")
    return shown_address(identity, smtputf8=smtputf8) or shown_address(at + domain)


def _dkim(signature: DkimResult, *, smtputf8: bool) -> MethodResult:
    # RFC 8601 section 2.7.1 and RFC 6008.
    properties = (
        ("header", "d", signature.domain),
        ("header", "i", _agent(signature.identity, smtputf8=smtputf8)),
        ("header", "s", signature.selector),
        ("header", "a", signature.algorithm),
        ("header", "b", signature.signature_prefix),
    )
    comment = _joined(
        f"{signature.key_bits}-bit key" if signature.key_bits else "",
        "key in test mode" if signature.testing else "",
        # RFC 6376 section 8.2: whatever is beyond l= may have been added by anybody.
        f"{signature.unsigned_bytes} body octets not signed" if signature.unsigned_bytes else "",
        "further body text would not be covered" if signature.length_limited and not signature.unsigned_bytes else "",
        signature.reason,
    )
    present = tuple(entry for entry in properties if entry[2])
    return MethodResult(method="dkim", result=signature.status, properties=present, comment=comment)


def _arc(arc: ArcResult, origin: Origin) -> MethodResult:
    if not arc.sets:
        return MethodResult(method="arc", result=arc.status, comment=arc.reason)
    comment = _joined(f"i={arc.sets[-1].instance}", f"sealed by {arc.sealer}", arc.reason)
    properties = [("header", "oldest-pass", str(arc.oldest_pass))]
    if origin.client:
        properties.insert(0, ("smtp", "remote-ip", str(origin.client)))
    return MethodResult(method="arc", result=arc.status, properties=tuple(properties), comment=comment)


def _dmarc(dmarc: DmarcResult, override: ArcOverride | None, disposition: DmarcDisposition) -> MethodResult:
    # RFC 9989 section 9.1: what is not registered, such as p= and dis=, goes into comments.
    is_own = dmarc.policy_domain == dmarc.domain
    words = (
        # What the record says and what applies may differ; here stands only the first.
        f"p={dmarc.policy}" if dmarc.policy and is_own and not dmarc.testing else "",
        f"dis={disposition}" if dmarc.policy else "",
    )
    comment = _joined(
        " ".join(word for word in words if word),
        f"policy of {dmarc.policy_domain}" if dmarc.policy_domain and not is_own else "",
        "t=y" if dmarc.testing else "",
        _override(override) if override else "",
        dmarc.reason,
    )
    properties = (
        ("header", "from", dmarc.domain),
        ("policy", "dmarc", dmarc.policy or ""),
    )
    present = tuple(entry for entry in properties if entry[2])
    return MethodResult(method="dmarc", result=dmarc.status, properties=present, comment=comment)


def _override(override: ArcOverride) -> str:
    seen = " and ".join(override.aligned_by[:3])
    return f"overridden: trusted ARC sealer {override.sealer} saw {seen} aligned in i={override.instance}"


def _not_checked(facts: Facts, described: set[str]) -> Iterator[MethodResult]:
    """Name the methods that ran out of time or broke; what else was not checked is no authentication (RFC 8601)."""
    for check, why in facts.not_checked.items():
        method = check.partition("_")[0]
        if method in _METHODS and method not in described:
            described.add(method)
            yield MethodResult(method=method, result="temperror", comment=_joined("not checked", why))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
