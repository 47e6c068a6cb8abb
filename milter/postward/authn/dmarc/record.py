# SPDX-License-Identifier: GPL-3.0-or-later
"""Read one DMARC Policy Record (RFC 9989 sections 4.7 and 4.8).

Historic tags (pct, rf, ri: section 9.3) are unknown tags here.  What only reporting needs (ruf, fo) is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from postward.model.dmarc import DmarcPolicy

MAX_RECORD_BYTES = 4096
"""A longer record is read up to here; the tags that count stand well before."""

_VERSION = re.compile(r"[ \t]*[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
# Not only WSP: a line end that slips into a record by its owner's editor must not cost the policy.
_BLANKS = " \t\r\n"
_PCHAR = r"(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})"
# RFC 9989 section 4.8: comma and exclamation mark are encoded within a URI; a "!size" suffix is obsolete and ignored.
# RFC 3986 section 3: the path may be empty.
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_PCHAR}*(?:![0-9]+[kmgt]?)?", re.IGNORECASE)


class PsdFlag(StrEnum):
    """RFC 9989 section 4.7, tag psd: what the domain owner says of the name at which the record stands."""

    YES = "y"
    """A public suffix."""
    NO = "n"
    """An organizational domain."""
    UNKNOWN = "u"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRecord:
    """What a record asks for; a policy is None where its tag is absent."""

    p: DmarcPolicy | None = None
    sp: DmarcPolicy | None = None
    np: DmarcPolicy | None = None
    has_invalid_policy: bool = False
    """p, sp or np is there, and is not one of the three words."""
    wants_reports: bool = False
    """rua has at least one syntactically valid URI."""
    psd: PsdFlag = PsdFlag.UNKNOWN
    is_test: bool = False
    """t=y."""
    strict_dkim: bool = False
    strict_spf: bool = False


def has_version(text: bytes) -> bool:
    """Tell whether a TXT record starts with a "v" tag of exactly DMARC1, which makes it a DMARC Policy Record."""
    # RFC 9989 section 4.8: %s"DMARC1" is case-sensitive, the name of the tag is not.
    return _VERSION.match(_decode(text)) is not None


def parse_record(text: bytes) -> PolicyRecord | None:
    """Parse a record that has its version; None where its tag list is invalid as a whole."""
    return _parse(text[:MAX_RECORD_BYTES])


@lru_cache(maxsize=512)
def _parse(text: bytes) -> PolicyRecord | None:
    tags = _tag_list(_decode(text))
    if tags is None:
        return None
    policies = {name: _policy(tags[name]) for name in ("p", "sp", "np") if name in tags}
    return PolicyRecord(
        p=policies.get("p"),
        sp=policies.get("sp"),
        np=policies.get("np"),
        has_invalid_policy=None in policies.values(),
        wants_reports=any(_URI.fullmatch(uri.strip(_BLANKS)) for uri in tags.get("rua", "").split(",")),
        psd=_psd(tags.get("psd", "")),
        # RFC 9989 section 4.7: a syntax error in a tag gives way to the tag's default.
        is_test=tags.get("t", "").lower() == "y",
        strict_dkim=tags.get("adkim", "").lower() == "s",
        strict_spf=tags.get("aspf", "").lower() == "s",
    )


def _decode(text: bytes) -> str:
    return text[:MAX_RECORD_BYTES].decode("latin-1")


def _tag_list(text: str) -> dict[str, str] | None:
    """Split into tags, names in lower case; None where a tag stands twice (RFC 6376 section 3.2)."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        name = name.strip(_BLANKS).lower()
        if not equals or not name:
            # RFC 9989 section 4.7: syntax errors after the version are ignored.
            continue
        if name in tags:
            return None
        tags[name] = value.strip(_BLANKS)
    return tags


def _policy(value: str) -> DmarcPolicy | None:
    try:
        return DmarcPolicy(value.lower())
    except ValueError:
        return None


def _psd(value: str) -> PsdFlag:
    try:
        return PsdFlag(value.lower())
    except ValueError:
        return PsdFlag.UNKNOWN
