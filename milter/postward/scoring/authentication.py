# SPDX-License-Identifier: GPL-3.0-or-later
"""The symbols of authentication, what each means, and what it weighs unless the configuration says otherwise.

A failure that the domain's owner asks to be acted on weighs most; that a message is authenticated says who sent it, not
that it is wanted, so passes weigh little.
"""

from __future__ import annotations

from postward.model.symbol import SymbolDefinition

AUTHENTICATION_SYMBOLS = (
    SymbolDefinition(
        name="SPF_PASS", score=-0.5, group="spf", meaning="the client may send for the envelope sender's domain"
    ),
    SymbolDefinition(
        name="SPF_FAIL",
        score=2.0,
        group="spf",
        meaning="the envelope sender's domain says that the client may not send for it",
    ),
    SymbolDefinition(
        name="SPF_SOFTFAIL",
        score=1.0,
        group="spf",
        meaning="the envelope sender's domain says that the client probably may not send for it",
    ),
    SymbolDefinition(
        name="SPF_NEUTRAL", score=0.0, group="spf", meaning="the envelope sender's domain says nothing about the client"
    ),
    SymbolDefinition(
        name="SPF_NONE", score=0.3, group="spf", meaning="the envelope sender's domain publishes no SPF record"
    ),
    SymbolDefinition(name="SPF_TEMPERROR", score=0.0, group="spf", meaning="SPF could not be evaluated for now"),
    SymbolDefinition(name="SPF_PERMERROR", score=0.5, group="spf", meaning="the SPF record is broken"),
    SymbolDefinition(
        name="SPF_HELO_FAIL", score=0.5, group="spf", meaning="the client uses a HELO name whose domain disowns it"
    ),
    SymbolDefinition(name="DKIM_PASS", score=-0.3, group="dkim", meaning="at least one DKIM signature is valid"),
    SymbolDefinition(name="DKIM_FAIL", score=0.3, group="dkim", meaning="signed, and no signature is valid"),
    SymbolDefinition(name="DKIM_NONE", score=0.2, group="dkim", meaning="not signed"),
    SymbolDefinition(name="DKIM_TEMPERROR", score=0.0, group="dkim", meaning="no signature could be verified for now"),
    SymbolDefinition(
        name="DKIM_WEAK", score=0.3, group="dkim", meaning="signed with an algorithm or key too weak to count"
    ),
    SymbolDefinition(
        name="DKIM_UNSIGNED_BODY",
        score=1.5,
        group="dkim",
        meaning="a valid signature leaves a part of the body open to anybody (l=)",
    ),
    SymbolDefinition(name="ARC_PASS", score=0.0, group="arc", meaning="the ARC chain is valid"),
    SymbolDefinition(name="ARC_FAIL", score=0.2, group="arc", meaning="the ARC chain is broken"),
    SymbolDefinition(name="DMARC_PASS", score=-0.5, group="dmarc", meaning="the author's domain is authenticated"),
    SymbolDefinition(
        name="DMARC_NONE", score=0.0, group="dmarc", meaning="the author's domain publishes no DMARC record"
    ),
    SymbolDefinition(
        name="DMARC_FAIL_NONE",
        score=0.5,
        group="dmarc",
        meaning="DMARC fails, and the author's domain asks for no action",
    ),
    SymbolDefinition(
        name="DMARC_FAIL_QUARANTINE",
        score=3.0,
        group="dmarc",
        meaning="DMARC fails, and the author's domain asks for quarantine",
    ),
    SymbolDefinition(
        name="DMARC_FAIL_REJECT",
        score=6.0,
        group="dmarc",
        meaning="DMARC fails, and the author's domain asks for rejection",
    ),
    SymbolDefinition(
        name="DMARC_ARC_OVERRIDE",
        score=0.0,
        group="dmarc",
        meaning="DMARC fails, and a trusted ARC sealer vouches for the original",
    ),
    SymbolDefinition(name="DMARC_TEMPERROR", score=0.0, group="dmarc", meaning="DMARC could not be evaluated for now"),
    SymbolDefinition(name="DMARC_PERMERROR", score=0.3, group="dmarc", meaning="the DMARC record is broken"),
    SymbolDefinition(name="FROM_MISSING", score=2.5, group="sender", meaning="there is no From field"),
    SymbolDefinition(
        name="FROM_MULTIPLE", score=4.0, group="sender", meaning="several From fields, or authors of several domains"
    ),
    SymbolDefinition(
        name="FROM_UNPARSABLE", score=2.5, group="sender", meaning="the From field names no author that could be read"
    ),
    SymbolDefinition(
        name="IPREV_PASS", score=0.0, group="iprev", meaning="the client's name leads back to its address"
    ),
    SymbolDefinition(
        name="IPREV_FAIL", score=0.5, group="iprev", meaning="the client's address has no name that leads back to it"
    ),
    SymbolDefinition(
        name="IPREV_TEMPERROR", score=0.0, group="iprev", meaning="the client's name could not be looked up for now"
    ),
)
