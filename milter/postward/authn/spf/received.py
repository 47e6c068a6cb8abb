# SPDX-License-Identifier: GPL-3.0-or-later
"""The Received-SPF field (RFC 7208 section 9.1).

Whatever comes from outside stands in a quoted-string without control characters, or is left out: nothing in a message
can end the value, add a pair to it or start another field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.authn.spf.identity import MAX_SHOWN_CHARACTERS, checkable_domain
from postward.model.spf import SpfResult, SpfScope, SpfStatus

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress

_FOLD = "\r\n\t"
_DOT_ATOM = re.compile(r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(?:\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_QUOTED_PAIRS = str.maketrans({"\\": "\\\\", '"': '\\"'})
_COMMENTS = {
    SpfStatus.PASS: "{domain} designates {client} as permitted sender",
    SpfStatus.FAIL: "{domain} does not designate {client} as permitted sender",
    SpfStatus.SOFTFAIL: "{domain} probably does not designate {client} as permitted sender",
    SpfStatus.NEUTRAL: "{domain} neither permits nor denies {client}",
    SpfStatus.NONE: "{domain} publishes nothing about {client}",
    SpfStatus.TEMPERROR: "temporary error in checking {client} against {domain}",
    SpfStatus.PERMERROR: "permanent error in checking {client} against {domain}",
}


def received_spf(result: SpfResult, client: IpAddress, helo: str, receiver: str) -> bytes:
    """Value of the field, folded with CRLF and a tab, without leading space and closing CRLF."""
    mfrom = result.scope is SpfScope.MFROM
    pairs = (
        ("receiver", receiver),
        ("client-ip", str(client)),
        ("envelope-from", result.identity if mfrom else ""),
        ("helo", helo),
        ("identity", "mailfrom" if mfrom else "helo"),
        ("problem", result.problem),
        ("mechanism", result.mechanism),
    )
    written = [f"{key}={_value(text)}" for key, text in pairs if 0 < len(text) <= MAX_SHOWN_CHARACTERS]
    comment = _COMMENTS[result.status].format(domain=_domain(result), client=client)
    value = f"{result.status} ({comment}){_FOLD}" + f";{_FOLD}".join(written)
    return value.encode("ascii")


def _domain(result: SpfResult) -> str:
    """The domain for the comment; a text that is no host name is not repeated there."""
    return f"domain of {result.domain}" if checkable_domain(result.domain) else "the sender's domain"


def _value(text: str) -> str:
    """RFC 7208 section 9.1: a dot-atom, else a quoted-string."""
    if _DOT_ATOM.fullmatch(text):
        return text
    return '"' + _UNPRINTABLE.sub("?", text).translate(_QUOTED_PAIRS) + '"'
