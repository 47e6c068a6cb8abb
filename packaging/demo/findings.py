# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward found out about a message, in plain words, from its log event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.app.symbol_listing import SymbolLine

_AUTHENTICATION = frozenset({"spf", "dkim", "arc", "dmarc", "iprev"})
"""Groups of symbols of which the findings tell."""
_MAX_REASONS = 7
_LEAST = 0.2
"""What counts less is left out."""


def findings(event: Mapping[str, Any]) -> list[str]:
    """Return one phrase for each method that spoke for or against the author."""
    return [_spf(event), *_dkim(event), *_arc(event), _dmarc(event)]


def reasons(event: Mapping[str, Any], symbols: Mapping[str, SymbolLine]) -> list[str]:
    """Return what else counted, the heaviest first, each with its points and its meaning."""
    contributions = sorted(event.get("contributions", {}).items(), key=lambda each: -abs(each[1]))
    counted = [(name, score) for name, score in contributions if abs(score) >= _LEAST and _is_other(name, symbols)]
    told = [f"{score:+g} {symbols[name].meaning}" for name, score in counted[:_MAX_REASONS]]
    return [*told, f"and {len(counted) - _MAX_REASONS} more"] if len(counted) > _MAX_REASONS else told


def scanned(event: Mapping[str, Any]) -> list[str]:
    """Return what the virus scanner has found."""
    return [f"ClamAV: found {virus}" for virus in event.get("viruses", ())]


def _is_other(name: str, symbols: Mapping[str, SymbolLine]) -> bool:
    return name in symbols and symbols[name].group not in _AUTHENTICATION


def _spf(event: Mapping[str, Any]) -> str:
    domain = event.get("spf_domain")
    if event.get("spf") == "pass":
        return f"SPF: sent from a host of {domain}"
    return f"SPF: {event.get('spf')} for {domain}"


def _dkim(event: Mapping[str, Any]) -> Iterator[str]:
    reasons = {key: text for key, _, text in (each.rpartition(": ") for each in event.get("dkim_reasons", ()))}
    for signature in event.get("dkim", ()):
        status, _, signer = signature.partition(":")
        domain = signer.partition(":")[0]
        if status == "none":
            yield "DKIM: not signed"
        elif status == "pass":
            yield f"DKIM: signed by {domain}"
        else:
            yield f"DKIM: signed by {domain}; {reasons.get(signer, status)}"


def _arc(event: Mapping[str, Any]) -> Iterator[str]:
    if event.get("arc") == "pass":
        yield f"ARC: sealed by {event['arc_sealer']}"


def _dmarc(event: Mapping[str, Any]) -> str:
    domain, result = event.get("dmarc_domain"), event.get("dmarc")
    if aligned := event.get("dmarc_aligned"):
        methods = dict.fromkeys(each.partition(":")[0].upper() for each in aligned)
        return f"DMARC: the author's domain {domain} is proven by {' and '.join(methods)}"
    if result == "fail" and "FROM_MULTIPLE" not in event.get("contributions", {}):
        return f"DMARC: the author's domain {domain} is proven by nothing"
    return f"DMARC: {result}, {event.get('dmarc_reason')}"
