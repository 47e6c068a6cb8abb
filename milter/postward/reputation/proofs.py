# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names a message may be held to: those that are proven, and that nobody else can have put there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcStatus, FromProblem
from postward.model.spf import SpfScope, SpfStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.dkim import DkimResult
    from postward.model.dmarc import DmarcResult
    from postward.model.identity import Identity
    from postward.model.spf import SpfResult
    from postward.model.transaction import Facts

_MAX_SIGNERS = 4
_EVERYWHERE = re.compile(r"\+?(?:all|ip[46]:[^/]{1,45}/0?[0-7])", re.ASCII | re.IGNORECASE)
"""An SPF record that lets the whole net send proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A domain whose signature is valid and covers all of the message."""

    domain: str
    signature: str
    """What tells this signature from others of the same domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Domains, as A-labels in lower case; "" for what is not proven."""

    envelope: str = ""
    """The envelope sender's, by SPF."""
    signers: tuple[Signer, ...] = ()
    """By DKIM, each domain once."""
    author: str = ""
    """That of From, by DMARC and one of those above."""
    aligned_envelope: bool = False
    """The envelope sender's domain is of the author's organization."""
    aligned_signers: frozenset[str] = frozenset()
    """Signers of the author's organization."""

    @property
    def names_author(self) -> bool:
        """Who wrote the message is proven, not only who sent it on."""
        return self.aligned_envelope or bool(self.aligned_signers)

    @property
    def is_twofold(self) -> bool:
        """SPF and DKIM agree on the author: then it is neither sent on by somebody, nor from a host that many share."""
        return self.aligned_envelope and bool(self.aligned_signers)


def proofs_of(facts: Facts, organization: Callable[[str], Identity | None]) -> Proofs:
    """Collect them; ``organization`` gives what a domain belongs to."""
    dmarc = facts.dmarc
    has_author = dmarc is not None and dmarc.problem is None and bool(dmarc.domain)
    envelope = _envelope(facts.spf)
    # With a second From a good signature may stand under a text that its domain has never seen.
    signers = _signers(facts.dkim or ()) if dmarc is None or dmarc.problem is not FromProblem.MULTIPLE_FIELDS else ()
    if dmarc is None or not has_author:
        return Proofs(envelope=envelope, signers=signers)
    owner = organization(dmarc.domain)
    aligned_envelope = bool(envelope) and _are_one(envelope, dmarc.domain, owner, organization)
    aligned = frozenset(each.domain for each in signers if _are_one(each.domain, dmarc.domain, owner, organization))
    return Proofs(
        envelope=envelope,
        signers=signers,
        author=dmarc.domain if _passes(dmarc, envelope, signers) else "",
        aligned_envelope=aligned_envelope,
        aligned_signers=aligned,
    )


def _envelope(spf: SpfResult | None) -> str:
    if spf is None or spf.status is not SpfStatus.PASS or spf.scope is not SpfScope.MFROM:
        return ""
    return "" if _EVERYWHERE.fullmatch(spf.mechanism) else spf.domain


def _signers(results: tuple[DkimResult, ...]) -> tuple[Signer, ...]:
    found: dict[str, Signer] = {}
    for result in results:
        # What stands behind the signed part of a body is of whoever has sent it on.
        is_whole = result.status is DkimStatus.PASS and not result.unsigned_bytes and not result.testing
        if is_whole and result.domain not in found and len(found) < _MAX_SIGNERS:
            signature = f"{result.domain} {result.selector} {result.signature_prefix}"
            found[result.domain] = Signer(domain=result.domain, signature=signature)
    return tuple(found.values())


def _are_one(domain: str, author: str, owner: Identity | None, organization: Callable[[str], Identity | None]) -> bool:
    return domain == author or (owner is not None and organization(domain) == owner)


def _passes(dmarc: DmarcResult, envelope: str, signers: tuple[Signer, ...]) -> bool:
    if dmarc.status is not DmarcStatus.PASS:
        return False
    proven = {f"dkim:{each.domain}" for each in signers} | ({"spf"} if envelope else set())
    return not proven.isdisjoint(dmarc.aligned_by)
