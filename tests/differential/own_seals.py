# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that Postward has sealed, as they arrive: over chains of others, changed by us before or by others after."""

from __future__ import annotations

from dataclasses import dataclass

from postward.authn.arc import ArcSettings, validate_chain
from postward.authn.dkim import BodyDigests
from postward.dns.zone import ZoneLookup
from postward.model.arc import ArcResult, ArcStatus
from postward.signing.arc import Sealer
from postward.signing.loaded_key import LoadedKey, PrivateKey
from tests.differential.dkim_cases import NOW_S, SignedCase
from tests.differential.dkim_dice import Dice
from tests.differential.dkim_messages import Letter, on_its_way, write_letter
from tests.signatures import keys
from tests.signatures.message import read_message, txt_zone
from tests.signatures.sealer import SEALER, SELECTOR, Hop, seal

SEALED_S = 1_700_000_000
_DOMAINS = (
    "gateway.example",
    "a.b.example.net",
    "xn--bcher-kva.example",
    "a-very-long-label-of-a-domain." * 7 + "example",
)
_RESULTS = (
    b"mx.gateway.example; none",
    b"mx.gateway.example; spf=pass (192.0.2.1 may; send) smtp.mailfrom=ann@example.org; arc=none",
    b"mx.gateway.example;\r\n\tspf=softfail (no) smtp.mailfrom=a@b.example;\r\n\tdmarc=fail",
    b'mx.gateway.example;\r\n\tdkim=fail (signature mismatch) reason="a;b" header.d=b.example header.b="AB/+cd12"',
    b"a-very-long-label-of-a-domain." * 7 + b"example; none",
)


@dataclass(frozen=True, slots=True)
class OwnSealCase:
    """One message, and what whoever reads it next has to say."""

    case: SignedCase
    unchanged: bool
    """It arrives as it left, and nobody had broken the chain before us."""


def own_seal_case(seed: int, without: frozenset[str]) -> OwnSealCase:
    """Make the case of a seed."""
    dice = Dice(seed, without)
    letter = write_letter(dice)
    chain = _chain(letter, dice.pick((0, 0, 1, 1, 2)))
    key = "rsa2048" if "Ed25519" in without else dice.pick(("rsa2048", "ed25519"))
    domain = dice.pick(_DOMAINS)
    zone = _zone(key, domain)
    came = letter if dice.often(0.8) else on_its_way(dice, letter)
    arc = _judge(came.below(*chain), zone)
    # What we change, before we seal, are never the sets of others.
    left = on_its_way(dice, came).below(*chain)
    sealed = _sealed(left, arc, _sealer(key, domain), dice.pick(_RESULTS))
    arrived = on_its_way(dice, on_its_way(dice, sealed)) if dice.often(0.7) else sealed
    unchanged = arrived == sealed and arc.status is not ArcStatus.FAIL
    return OwnSealCase(SignedCase("arc", arrived.raw, zone, tuple(dice.happened)), unchanged)


def long_chain_case(sets: int) -> SignedCase:
    """Make a chain of so many sets, of which ours is the newest."""
    letter = write_letter(Dice(0))
    below = letter.below(*_chain(letter, sets - 1))
    zone = _zone("rsa2048", "gateway.example")
    sealed = _sealed(below, _judge(below, zone), _sealer("rsa2048", "gateway.example"), _RESULTS[0])
    return SignedCase("arc", sealed.raw, zone, ())


def _chain(letter: Letter, sets: int) -> tuple[tuple[bytes, bytes], ...]:
    sealed = seal(letter.raw, *(Hop(instance=instance) for instance in range(1, sets + 1)))
    headers, _ = read_message(sealed)
    return tuple((field.name, field.value) for field in headers)[: 3 * sets]


def _zone(key: str, domain: str) -> dict[str, object]:
    names = {f"{SELECTOR}._domainkey.{SEALER}": "rsa2048", f"{key}._domainkey.{domain}": key}
    return {**txt_zone({name: [keys.record(used)] for name, used in names.items()})}


def _judge(letter: Letter, zone: dict[str, object]) -> ArcResult:
    headers, body = read_message(letter.raw)
    return validate_chain(headers, BodyDigests(body), ZoneLookup(zone), ArcSettings(), NOW_S)


def _sealer(key: str, domain: str) -> Sealer:
    return Sealer(key=LoadedKey(domain=domain, selector=key, private_key=PrivateKey(keys.private_key(key))))


def _sealed(letter: Letter, arc: ArcResult, sealer: Sealer, results: bytes) -> Letter:
    headers, body = read_message(letter.raw)
    sealing = sealer.seal(headers, BodyDigests(body), arc, results, SEALED_S)
    assert not sealing.unsealed_reason
    # The one space is what the MTA writes.
    return letter.below(*((field.name.encode(), b" " + field.value) for field in sealing.fields))
