# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a message comes from: those it may be held to, and those who have carried it.

A name that is not proven neither earns nor loses, nor does a host of our own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_network
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from postward.directory.address import domain_key, login_key, mailbox
from postward.model.dmarc import DmarcStatus
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.ip_address import is_within, plain_address
from postward.model.iprev import IprevStatus
from postward.model.origin import Direction
from postward.model.sender_rights import Permission
from postward.reputation.correspondence import with_recipients
from postward.reputation.one_author import the_author
from postward.reputation.proofs import proofs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.model.ip_address import IpAddress
    from postward.model.reputation import Correspondence
    from postward.model.transaction import Facts, Transaction
    from postward.reputation.lineage import Lineage
    from postward.reputation.proofs import Proofs

_NO_CLIENTS = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
"""Addresses that mean another host in each network (RFC 6890), and are no client's name in the net."""
_ONE_PROOF = 0.5
"""What one of SPF and DKIM says of the author's domain: SPF is true of all customers of a host that many share, and
DKIM of a letter that somebody else sends again to thousands."""
_CARRIER = 0.3
"""For those who carry the mail of an author who is known: there are many such authors."""
_MAX_DIGITS = 4
_REMEMBERED = 4_096


class Subject(NamedTuple):
    """One of those whom a message teaches something about; a tuple, for each message makes some."""

    identity: Identity
    share: float = 1.0
    """How much it teaches, from 0 (nothing at all) to 1."""
    signature: str = ""
    """The one thing that proves it, where that can be sent again by others; "" for what cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that reputation has to know of one message."""

    subjects: tuple[Subject, ...] = ()
    """Whom it comes from, with all above them: each once, everybody first."""
    correspondences: tuple[Correspondence, ...] = ()
    """Between each of its recipients and its author; empty where the author is not proven."""
    above: Mapping[Identity, Identity] = field(default_factory=lambda: MappingProxyType({}))
    """Who stands directly above some of them."""

    @property
    def identities(self) -> tuple[Identity, ...]:
        """All that have to be read."""
        return tuple(subject.identity for subject in self.subjects)


_NOBODY = Found()


def identities_of(transaction: Transaction, lineage: Lineage) -> Found:
    """Say whom a message comes from; nobody where it came from this host, or has come back."""
    direction = transaction.origin.direction
    if direction is Direction.INBOUND:
        return _from_outside(transaction, lineage)
    if direction is Direction.OUTBOUND:
        own = _own(transaction)
        # Of everybody outside what our own users send says nothing.
        return _found(own, lineage, share_of_all=0.0) if own else _NOBODY
    return _NOBODY


def _from_outside(transaction: Transaction, lineage: Lineage) -> Found:
    facts = transaction.facts
    client = "" if transaction.origin.client is None else _client_name(transaction.origin.client)
    proofs = proofs_of(facts, lineage.organization)
    author = _author(transaction, proofs)
    carrier_share = _carrier_share(facts, proofs)
    subjects = [
        *_carriers(transaction, client, carrier_share),
        *_domains(proofs, carrier_share),
        *_pair(transaction, proofs, author, client),
    ]
    if not subjects:
        return _NOBODY
    return _found(subjects, lineage, with_recipients(transaction, author))


@lru_cache(_REMEMBERED)
def _client_name(client: IpAddress) -> str:
    """Give the name of a client in the net; "" for one that is none."""
    address = plain_address(client)
    return "" if is_within(address, _NO_CLIENTS) else str(address)


def _carrier_share(facts: Facts, proofs: Proofs) -> float:
    """A trusted sealer answers for the author in his stead."""
    return _CARRIER if proofs.names_author or facts.arc_override is not None else 1.0


def _author_share(proofs: Proofs) -> float:
    return 1.0 if proofs.is_twofold else _ONE_PROOF


def _carriers(transaction: Transaction, client: str, share: float) -> Iterator[Subject]:
    if not client:
        return
    yield Subject(identity=Identity(IdentityKind.IP, client), share=share)
    iprev = transaction.facts.iprev
    if iprev is None or iprev.status is not IprevStatus.PASS or iprev.name is None:
        return
    helo = domain_key(transaction.origin.helo)
    if helo is not None and helo == domain_key(iprev.name):
        yield Subject(identity=Identity(IdentityKind.HELO, helo), share=share)


def _domains(proofs: Proofs, carrier_share: float) -> Iterator[Subject]:
    own_share = _author_share(proofs)
    if proofs.envelope:
        share = own_share if proofs.aligned_envelope else carrier_share
        yield Subject(identity=Identity(IdentityKind.SPF_DOMAIN, proofs.envelope), share=share)
    for signer in proofs.signers:
        is_own = signer.domain in proofs.aligned_signers
        yield Subject(
            identity=Identity(IdentityKind.DKIM_DOMAIN, signer.domain),
            share=own_share if is_own else carrier_share,
            signature="" if is_own and proofs.aligned_envelope else signer.signature,
        )
    if proofs.author:
        identity = Identity(IdentityKind.AUTHOR_DOMAIN, proofs.author)
        yield Subject(identity=identity, share=own_share, signature=_signature(proofs))


def _signature(proofs: Proofs) -> str:
    """Give what alone proves the author."""
    if proofs.aligned_envelope:
        return ""
    return next((each.signature for each in proofs.signers if each.domain in proofs.aligned_signers), "")


def _pair(transaction: Transaction, proofs: Proofs, author: str, client: str) -> Iterator[Subject]:
    if not client:
        return
    if author:
        address, signature, share = author, _signature(proofs), _author_share(proofs)
    elif proofs.envelope and not proofs.names_author:
        address, signature, share = transaction.sender.address.text, "", 1.0
    else:
        return
    found = mailbox(address)
    if found is None or not _is_lasting(found.local_part):
        return
    identity = Identity(IdentityKind.PAIR, f"{found.untagged}/{client}")
    yield Subject(identity=identity, share=share, signature=signature)


def _is_lasting(local_part: str) -> bool:
    """False for return paths that are made for one message (VERP, BATV, SRS)."""
    return "=" not in local_part and sum(char.isdigit() for char in local_part) <= _MAX_DIGITS


def _author(transaction: Transaction, proofs: Proofs) -> str:
    """Give the one address in From, where its domain is proven and asks for no more; "" otherwise."""
    dmarc = transaction.facts.dmarc
    is_proven = proofs.author or (proofs.names_author and dmarc is not None and dmarc.status is DmarcStatus.NONE)
    if dmarc is None or not is_proven:
        return ""
    address = the_author([field.value for field in transaction.headers.all(b"from")])
    return address if domain_key(address.rpartition("@")[2]) == dmarc.domain else ""


def _own(transaction: Transaction) -> list[Subject]:
    login = login_key(transaction.authentication.user)
    rights = transaction.facts.sender_rights
    subjects = []
    domain: str | None = None
    if login:
        subjects.append(Subject(identity=Identity(IdentityKind.LOGIN, login)))
        domain = login.rpartition("@")[2] if "@" in login else None
    sender = transaction.known_sender
    if domain is None and sender is not None and rights is not None and rights.envelope is Permission.ALLOWED:
        domain = domain_key(sender.address.domain)
    if domain:
        subjects.append(Subject(identity=Identity(IdentityKind.TENANT, domain)))
    return subjects


def _found(
    subjects: list[Subject],
    lineage: Lineage,
    correspondences: tuple[Correspondence, ...] = (),
    *,
    share_of_all: float = 1.0,
) -> Found:
    """Add what stands above them, which learns as much as the one below that learns most."""
    own = {subject.identity for subject in subjects}
    found = {EVERYBODY: Subject(EVERYBODY, share_of_all)}
    above: dict[Identity, Identity] = {}
    for subject in subjects:
        if subject.identity.kind is IdentityKind.PAIR:
            # What stands above it is there by itself, as far as it is proven.
            continue
        chain = lineage.chain(subject.identity)
        above.update(zip(chain[1:], chain, strict=False))
        for identity in chain[1:-1]:
            present = found.get(identity)
            if identity not in own and (present is None or _teaches_more(subject, present)):
                found[identity] = Subject(identity, subject.share, subject.signature)
    return Found(subjects=(*found.values(), *subjects), correspondences=correspondences, above=above)


def _teaches_more(subject: Subject, present: Subject) -> bool:
    return (not subject.signature, subject.share) > (not present.signature, present.share)
