# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an Authentication-Results field claims to be ours (RFC 8601 section 5).

Such a field from outside is a forgery and has to go, so this recognises whatever a lenient reader would take for our
authserv-id.  Deliberately wider than the grammar, which decides only what we believe.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.authn.results.cfws import read_quoted, skip_cfws
from postward.authn.results.encoded_words import decode_encoded_words
from postward.dns.names import MAX_NAME_CHARACTERS, to_ascii

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_HEAD_BYTES = 16_384
"""As much of a value is looked at; nobody honest has his name stand behind longer comments."""

# RFC 2045 section 5.1: the characters that end a token, and white space.
_TOKEN = re.compile(r'[^\x00-\x20\x7f()<>@,;:\\"/\[\]?=]*+')
_VERSION = re.compile(r"/\s*+[0-9]++")
# The registered methods, those of large providers, and experiments (RFC 8601 section 2.7.6).
_METHOD = re.compile(
    r"arc|auth|bimi|compauth|dkim(?:-adsp|-atps)?|dmarc|dnswl|domainkeys|iprev|rrvs|sender-id|smime|spf|vbr"
    r"|x-[a-z0-9-]{1,60}",
    re.IGNORECASE,
)


def claims_authserv_id(value: bytes, authserv_id: str, *, subdomains: bool = False) -> bool:
    """Tell whether ``value``, all after the colon, names ``authserv_id`` in whatever spelling; never raises.

    So does one that gives results and names nobody: a reader who wants no name believes it.  With ``subdomains``,
    names below ``authserv_id`` count too.  Letters match in either case, U-labels match their A-labels.  What hides
    its name behind more than ``MAX_HEAD_BYTES`` counts as well.
    """
    text = value[:MAX_HEAD_BYTES].decode("utf-8", "surrogateescape")
    ours, is_cut = _canonical(authserv_id), len(value) > MAX_HEAD_BYTES
    return any(
        _claims(reading, ours, subdomains=subdomains, is_cut=is_cut) for reading in {text, decode_encoded_words(text)}
    )


def _claims(text: str, ours: str, *, subdomains: bool, is_cut: bool) -> bool:
    start = skip_cfws(text, 0)
    result = _past_semicolons(text, start)
    if is_cut and (result == len(text) or _is_open_quote(text, start)):
        return True
    return _is_result(text, result) or any(
        _is_ours(_canonical(claimed), ours, subdomains=subdomains) for claimed in _claimed_ids(text, start)
    )


def _is_ours(claimed: str, ours: str, *, subdomains: bool) -> bool:
    return bool(claimed) and (claimed == ours or (subdomains and claimed.endswith(f".{ours}")))


def _is_open_quote(text: str, start: int) -> bool:
    return text.startswith('"', start) and read_quoted(text, start) is None


def _claimed_ids(text: str, start: int) -> Iterator[str]:
    quoted = read_quoted(text, start)
    if quoted is not None:
        content, end = quoted
        # Whoever knows quoted strings reads on here: the id of `"a.example" .b.example` is not a.example.
        if not text.startswith(".", skip_cfws(text, end)):
            yield content.strip(" \t\r\n")
        return
    # A quote that nothing closes is skipped, as lenient readers do.
    start += text.startswith('"', start)
    token = _token(text, start)
    yield token
    yield _spaced_name(text, start + len(token), token)


def _spaced_name(text: str, position: int, name: str) -> str:
    """Read on where white space or comments stand around the dots of a name (RFC 5322 section 4.4, obs-domain)."""
    while len(name) <= MAX_NAME_CHARACTERS:
        following = skip_cfws(text, position)
        piece = _token(text, following)
        if not piece or not (piece.startswith(".") or name.endswith(".")):
            break
        name += piece
        position = following + len(piece)
    return name


def _past_semicolons(text: str, position: int) -> int:
    while text.startswith(";", position):
        position = skip_cfws(text, position + 1)
    return position


def _is_result(text: str, start: int) -> bool:
    """Whether a result stands where the authserv-id should."""
    token = _token(text, start)
    end = skip_cfws(text, start + len(token))
    version = _VERSION.match(text, end)
    end = skip_cfws(text, version.end()) if version else end
    return _METHOD.fullmatch(token) is not None and text.startswith("=", end)


def _token(text: str, position: int) -> str:
    match = _TOKEN.match(text, position)
    return match.group() if match else ""


def _canonical(identity: str) -> str:
    bare = identity.rstrip(".")
    return to_ascii(bare) or bare.casefold()
