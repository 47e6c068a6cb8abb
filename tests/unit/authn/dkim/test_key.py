# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key import MAX_RECORD_BYTES, KeyRecord, read_key_record
from postward.model.dkim import DkimStatus
from tests.signatures import keys

P = b64encode(keys.public_octets("rsa2048")).decode()
ED25519 = b64encode(keys.public_octets("ed25519")).decode()


def read(text):
    return read_key_record(text.encode())


def test_defaults():
    key = read(f"p={P}")
    assert (key.key_type, key.bits, key.hashes) == ("rsa", 2048, None)
    assert (key.for_email, key.testing, key.strict_identity) == (True, False, False)


def test_all_tags():
    key = read(f"v=DKIM1; h=sha1 : SHA256; k=rsa; n=a note; s=Email:tlsrpt; t=Y : s : x; zz=?; p={P};")
    assert key.hashes == {b"sha1", b"sha256"}
    assert (key.for_email, key.testing, key.strict_identity) == (True, True, True)


@pytest.mark.parametrize(("service", "for_email"), [("*", True), ("tlsrpt : *", True), ("tlsrpt", False), ("", False)])
def test_services(service, for_email):
    assert read(f"s={service}; p={P}").for_email is for_email


def test_ed25519():
    key = read(f"v=DKIM1; k=ed25519; p={ED25519}")
    assert (key.key_type, key.bits) == ("ed25519", 256)


@pytest.mark.parametrize("name", ["rsa512", "rsa1024", "rsa4096"])
def test_sizes(name):
    assert read(keys.record(name)).bits == int(name.removeprefix("rsa"))


def test_white_space_in_the_key():
    assert read(f"v=DKIM1 ; p = {P[:70]} {P[70:]} ").bits == 2048
    assert read(f"v=DKIM1;\n p={P[:70]}\r\n{P[70:]}\n").bits == 2048


def test_bare_rsa_public_key():
    octets = keys.private_key("rsa2048").public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert read(f"p={b64encode(octets).decode()}").bits == 2048


def outcome(record: bytes) -> KeyRecord | DkimStatus:
    try:
        return read_key_record(record)
    except SignatureError as error:
        return error.status


def rsa_octets(modulus: int, exponent: int) -> bytes:
    """An RSAPublicKey of PKCS #1 with any numbers."""

    def der(tag: int, content: bytes) -> bytes:
        size = len(content)
        head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
        return bytes([tag]) + head + content

    numbers = (number.to_bytes(number.bit_length() // 8 + 1, "big") for number in (modulus, exponent))
    return der(0x30, b"".join(der(0x02, number) for number in numbers))


@pytest.mark.parametrize("exponent", [0, 1, 2, 65536, (1 << 64) + 1, 1 << 1000])
def test_unusable_exponents(exponent):
    octets = rsa_octets((1 << 2047) + 1, exponent)
    with pytest.raises(SignatureError):
        read(f"p={b64encode(octets).decode()}")


@pytest.mark.parametrize("bits", [16_384, 40_000])
def test_oversized_keys_are_read_for_their_size(bits):
    octets = rsa_octets((1 << (bits - 1)) + 1, 65537)
    found = outcome(b"p=" + b64encode(octets))
    assert found is DkimStatus.PERMERROR or found.bits == bits


def elliptic() -> str:
    # Always the same key, for every process that runs tests must collect the same ones.
    public_key = derive_private_key(1, SECP256R1()).public_key()
    return b64encode(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("", "no p="),
        ("v=DKIM1", "no p="),
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; p= ; ", "revoked"),
        ("v=spf1 -all", "version"),
        ("some text", "not a tag list"),
        (f"v=DKIM1;; p={P}", "not a tag list"),
        (f"v=DKIM1; p={P}; p={P}", "not a tag list"),
        (f"v=DKIM2; p={P}", "version"),
        (f"v=dkim1; p={P}", "version"),
        (f"v=DKIM1.0; p={P}", "version"),
        (f"k=rsa; v=DKIM1; p={P}", "version"),
        (f"k=dsa; p={P}", "type is not known"),
        ("p=%%%%", "base64"),
        (f"p={P[:-1]}", "base64"),
        (f"p={P}=", "base64"),
        ("p=AAAA", "cannot be parsed"),
        (f"k=ed25519; p={P}", "cannot be parsed"),
        (f"k=rsa; p={ED25519}", "cannot be parsed"),
        ("k=ed25519; p=AAAA", "cannot be parsed"),
        (f"p={elliptic()}", "not an RSA key"),
        (f"p={P}; n=" + "x" * MAX_RECORD_BYTES, "too long"),
    ],
)
def test_no_usable_key(record, reason):
    with pytest.raises(SignatureError, match=reason) as caught:
        read(record)
    assert caught.value.status is DkimStatus.PERMERROR


@given(st.binary(max_size=300), st.sampled_from([b"", b"v=DKIM1; p=", b"k=ed25519; p="]))
def test_any_octets_are_read_or_refused(octets, prefix):
    for record in (prefix + octets, prefix + b64encode(octets)):
        found = outcome(record)
        assert found is DkimStatus.PERMERROR or found.bits > 0


@given(st.binary(max_size=40), st.integers(0, 290), st.integers(0, 40))
def test_damaged_keys_are_read_or_refused(junk, position, removed):
    octets = keys.public_octets("rsa2048")
    octets = octets[:position] + junk + octets[position + removed :]
    found = outcome(b"p=" + b64encode(octets))
    assert found is DkimStatus.PERMERROR or found.bits > 0


def test_keys_are_remembered():
    record = keys.record("rsa2048").encode()
    assert read_key_record(record) is read_key_record(record)
