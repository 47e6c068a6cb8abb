# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a key may be used for a signature, and whether the signature is its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from postward.authn.dkim.errors import SignatureError
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.dkim.key import KeyRecord
    from postward.authn.dkim.settings import SignatureLimits

_PADDING = PKCS1v15()
_PREHASHED = Prehashed(SHA256())
_KEY_TYPES = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}


def check_key(key: KeyRecord, algorithm: str, limits: SignatureLimits) -> None:
    """Raise ``SignatureError`` where the key is not meant for such a signature or not of an acceptable size."""
    # RFC 6376 section 6.1.2 steps 5 to 8 and section 3.6.1.
    if not key.for_email:
        raise SignatureError(DkimStatus.PERMERROR, "key is not for e-mail")
    if key.hashes is not None and b"sha256" not in key.hashes:
        raise SignatureError(DkimStatus.PERMERROR, "key is not for SHA-256")
    if key.key_type != _KEY_TYPES.get(algorithm):
        raise SignatureError(DkimStatus.PERMERROR, "key is of another type than the signature")
    # RFC 8301 section 3.2.
    if key.key_type == "rsa" and key.bits < limits.min_rsa_bits:
        raise SignatureError(DkimStatus.POLICY, f"key is too short ({key.bits} bits)")
    if key.key_type == "rsa" and key.bits > limits.max_rsa_bits:
        raise SignatureError(DkimStatus.POLICY, f"key is too long ({key.bits} bits)")


def check_strict_identity(key: KeyRecord, *, strict_identity: bool) -> None:
    """Raise ``SignatureError`` where the key wants the domain of i= to be d= itself, and it is not."""
    # RFC 6376 section 3.6.1, flag s.
    if key.strict_identity and not strict_identity:
        raise SignatureError(DkimStatus.PERMERROR, "key does not allow i= in a subdomain")


def is_signed_by(key: KeyRecord, signature: bytes, digest: bytes) -> bool:
    """True where ``signature`` over ``digest``, a SHA-256 hash, was made with ``key``'s private half."""
    try:
        if isinstance(key.public_key, RSAPublicKey):
            key.public_key.verify(signature, digest, _PADDING, _PREHASHED)
        else:
            # RFC 8463 section 3: what PureEdDSA signs is the hash.
            key.public_key.verify(signature, digest)
    except InvalidSignature:
        return False
    return True
