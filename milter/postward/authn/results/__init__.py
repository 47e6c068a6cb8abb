# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication-Results (RFC 8601): recognise those that claim to be ours, write ours, read those of others.

``claims`` recognises, ``describe`` puts facts into the words of the RFC, ``render`` writes them, ``parse`` reads.
"""

from __future__ import annotations

from postward.authn.results.claims import claims_authserv_id
from postward.authn.results.describe import describe, describe_login
from postward.authn.results.method_result import MethodResult
from postward.authn.results.parse import ParsedResults, parse_results
from postward.authn.results.render import render

__all__ = [
    "MethodResult",
    "ParsedResults",
    "claims_authserv_id",
    "describe",
    "describe_login",
    "parse_results",
    "render",
]
