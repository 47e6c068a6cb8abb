# SPDX-License-Identifier: GPL-3.0-or-later
"""DomainKeys Identified Mail (RFC 6376, with RFC 8301, RFC 8463 and RFC 8616).

A signer hashes the body and chosen header fields, signs that with a private key, and publishes the public key in DNS:
whoever receives the message can tell that the signing domain (d=) stands for it and that it was not changed since.

``verify_signatures`` is the way in; the other modules are the steps of the algorithm.
"""

from __future__ import annotations

from postward.authn.dkim.body_digests import BodyDigest, BodyDigests
from postward.authn.dkim.label import key_query_name
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.verify import verify_signatures

__all__ = ["BodyDigest", "BodyDigests", "DkimSettings", "key_query_name", "verify_signatures"]
