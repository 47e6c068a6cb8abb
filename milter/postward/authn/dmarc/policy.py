# SPDX-License-Identifier: GPL-3.0-or-later
"""Which record applies to an author domain, and the policy that it asks for (RFC 9989 sections 4.7 and 4.10.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dmarc.record import PolicyRecord, PsdFlag
from postward.dns.existence import exists
from postward.model.dmarc import DmarcPolicy

if TYPE_CHECKING:
    from postward.authn.dmarc.tree_walk import TreeWalk
    from postward.dns.resolver import Lookup

SEVERITY = {DmarcPolicy.NONE: 0, DmarcPolicy.QUARANTINE: 1, DmarcPolicy.REJECT: 2}
"""From the mildest policy to the strictest."""

_ONE_LEVEL_BELOW = {
    DmarcPolicy.REJECT: DmarcPolicy.QUARANTINE,
    DmarcPolicy.QUARANTINE: DmarcPolicy.NONE,
    DmarcPolicy.NONE: DmarcPolicy.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedRecord:
    """The record that applies, and where it stands."""

    domain: str
    record: PolicyRecord
    policy: DmarcPolicy
    """Its p, valid."""


def find_record(walk: TreeWalk) -> tuple[str, PolicyRecord] | None:
    """Choose among the records of the author domain's walk; None where none applies.

    A record of the author domain itself is found also where the walk ended too soon; any other is sure only where it
    did not.
    """
    if walk.own_record is not None:
        return walk.found[0]
    organizational_domain = walk.organizational_domain
    for name, record in walk.found:
        # RFC 9989 section 4.10.1: the organizational domain's record goes before the public suffix's; those between
        # it and the author domain do not count.
        if name == organizational_domain or record.psd is PsdFlag.YES:
            return name, record
    return None


def usable_record(domain: str, record: PolicyRecord) -> AppliedRecord | None:
    """Settle what a faulty record means; None where the message gets no DMARC processing.

    RFC 9989 section 4.10.1: without a valid p, or with an invalid sp or np, the record stands for p=none if it asks
    for reports, and for nothing if not.
    """
    if record.p is not None and not record.has_invalid_policy:
        return AppliedRecord(domain=domain, record=record, policy=record.p)
    if not record.wants_reports:
        return None
    mild = PolicyRecord(strict_dkim=record.strict_dkim, strict_spf=record.strict_spf, wants_reports=True)
    return AppliedRecord(domain=domain, record=mild, policy=DmarcPolicy.NONE)


def evaluated_policy(applied: AppliedRecord, author_domain: str, lookup: Lookup) -> DmarcPolicy | None:
    """Give the policy after p, sp, np and t; None where DNS could not say whether the author domain exists.

    Asks for that only where it makes a difference.
    """
    if applied.domain == author_domain:
        return _after_testing(applied, applied.policy)
    for_existing = policy_for_existing(applied)
    for_missing = _after_testing(applied, applied.record.np) if applied.record.np else for_existing
    if for_existing is for_missing:
        return for_existing
    author_exists = exists(lookup, author_domain)
    if author_exists is None:
        return None
    return for_existing if author_exists else for_missing


def policy_for_existing(applied: AppliedRecord) -> DmarcPolicy:
    """Give the policy for an author domain that exists below the one at which the record stands."""
    return _after_testing(applied, applied.record.sp or applied.policy)


def _after_testing(applied: AppliedRecord, policy: DmarcPolicy) -> DmarcPolicy:
    # RFC 9989 section 4.7, tag t: the policy applied is one level below the one published.
    return _ONE_LEVEL_BELOW[policy] if applied.record.is_test else policy
