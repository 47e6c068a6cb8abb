# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent or user that a signature speaks for: the tag i= (RFC 6376 section 3.5)."""

from __future__ import annotations

import re

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.tag_list import without_white_space
from postward.dns.names import to_ascii
from postward.model.dkim import DkimStatus

_QUOTED_OCTET = re.compile(rb"=([0-9A-Fa-f]{2})")


def decode_identity(value: bytes) -> str:
    r"""Undo the quoted-printable of i= (section 2.11); octets that are not UTF-8 are shown as ``\xNN``.

    An ``=`` that encodes nothing stays as it is: signers put raw VERP and BATV addresses there, and only the domain
    is ever compared.
    """
    octets = _QUOTED_OCTET.sub(lambda match: bytes([int(match[1], 16)]), without_white_space(value))
    return octets.decode("utf-8", "backslashreplace")


def identity_domain(identity: str, domain: str) -> str:
    """Domain of ``identity`` as an A-label.

    Raises ``SignatureError`` where there is none, or where it is neither ``domain`` nor below it.
    """
    _, at, text = identity.rpartition("@")
    if not at:
        raise SignatureError(DkimStatus.NEUTRAL, "i= is not an address")
    # An ABNF domain-name does not end in a dot.
    name = None if text.endswith(".") else to_ascii(text)
    if name is None:
        raise SignatureError(DkimStatus.NEUTRAL, "i= has no valid domain")
    # RFC 6376 section 6.1.1: otherwise PERMFAIL (domain mismatch).
    if name != domain and not name.endswith("." + domain):
        raise SignatureError(DkimStatus.PERMERROR, "i= is not within d=")
    return name
