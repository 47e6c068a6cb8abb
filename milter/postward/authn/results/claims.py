"""Whether an Authentication-Results field claims to be ours (RFC 8601 section 5).

Such a field from outside is a forgery and has to go, so this recognises whatever a lenient reader would take for our
authserv-id.  Deliberately wider than the grammar, which decides only what we believe.
"""

from __future__ import annotations

import re

from postward.authn.results.cfws import read_quoted, skip_cfws
from postward.dns.names import to_ascii

# RFC 2045 section 5.1: the characters that end a token, and white space.
_TOKEN = re.compile(r'[^\x00-\x20\x7f()<>@,;:\\"/\[\]?=]*+')


def claims_authserv_id(value: bytes, authserv_id: str, *, subdomains: bool = False) -> bool:
    """Tell whether ``value``, all after the colon, names ``authserv_id`` in whatever spelling; never raises.

    With ``subdomains``, names below it count too.  Letters match in either case, U-labels match their A-labels.
    """
    claimed = _canonical(_claimed_id(value.decode("utf-8", "surrogateescape")))
    ours = _canonical(authserv_id)
    return bool(claimed) and (claimed == ours or (subdomains and claimed.endswith(f".{ours}")))


def _claimed_id(text: str) -> str:
    start = skip_cfws(text, 0)
    quoted = read_quoted(text, start)
    if quoted is None:
        # A quote that nothing closes is skipped, as lenient readers do.
        match = _TOKEN.match(text, start + text.startswith('"', start))
        return match.group() if match else ""
    content, end = quoted
    # Whoever knows quoted strings reads on here: the id of `"a.example" .b.example` is not a.example.
    return "" if text.startswith(".", skip_cfws(text, end)) else content.strip(" \t\r\n")


def _canonical(identity: str) -> str:
    return to_ascii(identity) or identity.casefold()
