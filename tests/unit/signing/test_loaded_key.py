# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from postward.signing.loaded_key import LoadedKey, PrivateKey
from tests.signatures import keys

TEXT = b"what is signed"


def test_an_rsa_signature_is_that_of_the_text_behind_the_digest():
    signature = PrivateKey(keys.private_key("rsa2048")).sign(sha256(TEXT).digest())
    keys.private_key("rsa2048").public_key().verify(signature, TEXT, PKCS1v15(), SHA256())


def test_an_ed25519_signature_is_that_of_the_digest():
    digest = sha256(TEXT).digest()
    keys.private_key("ed25519").public_key().verify(PrivateKey(keys.private_key("ed25519")).sign(digest), digest)


@pytest.mark.parametrize(
    ("name", "algorithm", "bits"), [("rsa2048", "rsa-sha256", 2048), ("ed25519", "ed25519-sha256", 256)]
)
def test_a_key_tells_what_it_is_and_nothing_more(name, algorithm, bits):
    private_key = PrivateKey(keys.private_key(name))
    key = LoadedKey(domain="example.org", selector="sel", private_key=private_key)
    assert key.algorithm == private_key.algorithm == algorithm
    assert repr(private_key) == f"<{algorithm} key of {bits} bits>"
    assert private_key.is_consistent()
