# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of header fields."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.section import checked_text, fault

_NAME = re.compile(r"[!-9;-~]{1,64}")
# RFC 6376 section 5.4 and 5.4.1: what changes or is added on the way, or goes before delivery, must not be signed.
_UNSIGNABLE = frozenset(
    {
        "authentication-results",
        "bcc",
        "content-length",
        "delivered-to",
        "dkim-signature",
        "domainkey-signature",
        "received",
        "received-spf",
        "resent-bcc",
        "return-path",
        "x-original-to",
    }
)
_UNSIGNABLE_PREFIXES = ("arc-", "x-postward-")


def parse_signed_name(value: object) -> str:
    """The name of a field that a signature may cover, in lower case."""
    name = checked_text(value).lower()
    if not _NAME.fullmatch(name):
        raise fault("is no name of a header field", "write Subject, without the colon")
    if name in _UNSIGNABLE or name.startswith(_UNSIGNABLE_PREFIXES):
        raise fault("must not be signed: it changes or is added on the way", "leave it out")
    return name


SignedName = Annotated[str, PlainValidator(parse_signed_name)]
