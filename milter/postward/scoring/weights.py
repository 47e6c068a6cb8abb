"""The symbols, what each means, and what it weighs unless the configuration says otherwise.

First weights, for the authentication symbols alone: a failure that the domain's owner asks to be acted on
weighs most; that a message is authenticated says who sent it, not that it is wanted, so passes weigh little.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """One symbol's default weight and meaning."""

    score: float
    meaning: str


SYMBOLS: dict[str, Weight] = {
    "SPF_PASS": Weight(-0.5, "the client may send for the envelope sender's domain"),
    "SPF_FAIL": Weight(2.0, "the envelope sender's domain says that the client may not send for it"),
    "SPF_SOFTFAIL": Weight(1.0, "the envelope sender's domain says that the client probably may not send for it"),
    "SPF_NEUTRAL": Weight(0.0, "the envelope sender's domain says nothing about the client"),
    "SPF_NONE": Weight(0.3, "the envelope sender's domain publishes no SPF record"),
    "SPF_TEMPERROR": Weight(0.0, "SPF could not be evaluated for now"),
    "SPF_PERMERROR": Weight(0.5, "the SPF record is broken"),
    "SPF_HELO_FAIL": Weight(0.5, "the client uses a HELO name whose domain disowns it"),
    "DKIM_PASS": Weight(-0.3, "at least one DKIM signature is valid"),
    "DKIM_FAIL": Weight(0.3, "signed, and no signature is valid"),
    "DKIM_NONE": Weight(0.2, "not signed"),
    "DKIM_TEMPERROR": Weight(0.0, "no signature could be verified for now"),
    "DKIM_WEAK": Weight(0.3, "signed with an algorithm or key too weak to count"),
    "DKIM_UNSIGNED_BODY": Weight(1.5, "a valid signature leaves a part of the body open to anybody (l=)"),
    "ARC_PASS": Weight(0.0, "the ARC chain is valid"),
    "ARC_FAIL": Weight(0.2, "the ARC chain is broken"),
    "DMARC_PASS": Weight(-0.5, "the author's domain is authenticated"),
    "DMARC_NONE": Weight(0.0, "the author's domain publishes no DMARC record"),
    "DMARC_FAIL_NONE": Weight(0.5, "DMARC fails, and the author's domain asks for no action"),
    "DMARC_FAIL_QUARANTINE": Weight(3.0, "DMARC fails, and the author's domain asks for quarantine"),
    "DMARC_FAIL_REJECT": Weight(6.0, "DMARC fails, and the author's domain asks for rejection"),
    "DMARC_ARC_OVERRIDE": Weight(0.0, "DMARC fails, and a trusted ARC sealer vouches for the original"),
    "DMARC_TEMPERROR": Weight(0.0, "DMARC could not be evaluated for now"),
    "DMARC_PERMERROR": Weight(0.3, "the DMARC record is broken"),
    "FROM_MISSING": Weight(2.5, "there is no From field"),
    "FROM_MULTIPLE": Weight(4.0, "several From fields, or authors of several domains"),
    "FROM_UNPARSABLE": Weight(2.5, "the From field names no author that could be read"),
    "IPREV_PASS": Weight(0.0, "the client's name leads back to its address"),
    "IPREV_FAIL": Weight(0.5, "the client's address has no name that leads back to it"),
    "IPREV_TEMPERROR": Weight(0.0, "the client's name could not be looked up for now"),
}

DEFAULT_WEIGHTS: dict[str, float] = {name: weight.score for name, weight in SYMBOLS.items()}
