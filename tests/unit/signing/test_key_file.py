# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from postward.signing.key_file import KeyFileError, ServiceAccount, read_private_key
from tests.signatures import keys

ME = ServiceAccount(uid=os.geteuid(), gid=os.getegid())
OTHER_ID = 54_321


@pytest.fixture
def write(tmp_path):
    def write(pem, mode=0o600):
        path = tmp_path / "key.pem"
        path.write_bytes(pem)
        path.chmod(mode)
        return path

    return write


def reason_of(path, account=ME):
    with pytest.raises(KeyFileError) as caught:
        read_private_key(path, account)
    return caught.value.reason


def pem(name, form):
    return keys.private_key(name).private_bytes(Encoding.PEM, form, NoEncryption())


@pytest.mark.parametrize(
    ("name", "form", "algorithm", "bits"),
    [
        ("rsa2048", PrivateFormat.PKCS8, "rsa-sha256", 2048),
        ("rsa2048", PrivateFormat.TraditionalOpenSSL, "rsa-sha256", 2048),
        ("rsa1024", PrivateFormat.PKCS8, "rsa-sha256", 1024),
        ("rsa4096", PrivateFormat.TraditionalOpenSSL, "rsa-sha256", 4096),
        ("ed25519", PrivateFormat.PKCS8, "ed25519-sha256", 256),
    ],
)
def test_a_key_is_read(write, name, form, algorithm, bits):
    key = read_private_key(write(pem(name, form)), ME)
    assert (key.algorithm, key.bits, key.public_octets()) == (algorithm, bits, keys.public_octets(name))


@pytest.mark.parametrize("options", [["genrsa", "2048"], ["genpkey", "-algorithm", "ed25519"]])
def test_what_openssl_makes_is_read(write, options):
    made = subprocess.run(["openssl", *options], capture_output=True, check=True).stdout
    assert read_private_key(write(made), ME).bits in {2048, 256}


def test_text_around_the_key_does_not_matter(write):
    assert read_private_key(write(b"Bag Attributes\r\n" + keys.pem("rsa2048").replace(b"\n", b"\r\n")), ME).is_rsa


def encrypted():
    return keys.private_key("rsa2048").private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
    )


def public():
    return keys.private_key("rsa2048").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def elliptic():
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def mismatched():
    """An RSA key whose private exponent belongs to another modulus."""
    numbers, other = keys.private_key("rsa2048").private_numbers(), keys.private_key("rsa2048-other").private_numbers()
    values = [
        0, numbers.public_numbers.n, numbers.public_numbers.e, other.d,
        numbers.p, numbers.q, other.dmp1, other.dmq1, other.iqmp,
    ]  # fmt: skip
    body = b"".join(_integer(value) for value in values)
    der = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    return b"-----BEGIN RSA PRIVATE KEY-----\n" + b64encode(der) + b"\n-----END RSA PRIVATE KEY-----\n"


def _integer(value):
    octets = value.to_bytes(value.bit_length() // 8 + 1, "big")
    length = len(octets)
    return b"\x02" + (bytes([length]) if length < 0x80 else b"\x82" + length.to_bytes(2, "big")) + octets


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: keys.pem("rsa512"), "is an RSA key of only 512 bits"),
        (encrypted, "is protected by a passphrase"),
        (public, "holds a public key, not a private one"),
        (elliptic, "is neither an RSA nor an Ed25519 key"),
        (lambda: b"", "holds no private key in PEM"),
        (lambda: b"\x00\xff" * 50, "holds no private key in PEM"),
        (lambda: keys.pem("rsa2048")[:800], "holds a private key that cannot be parsed"),
        (lambda: keys.pem("rsa2048").replace(b"\nM", b"\nQ", 1), "holds a private key that cannot be parsed"),
        (lambda: b"x" * 70_000, "is longer than 65536 bytes, which no key is"),
    ],
)
def test_what_is_no_usable_key_is_said_in_words(write, make, reason):
    assert reason_of(write(make())) == reason


def test_a_key_whose_halves_do_not_belong_together_is_refused(write):
    assert reason_of(write(mismatched())) in {
        "is damaged: what it signs does not verify",
        "holds a private key that cannot be parsed",
    }


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640, 0o440])
def test_modes_that_keep_it_private(write, mode):
    assert read_private_key(write(keys.pem("ed25519"), mode), ME).bits == 256


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (0o644, "is open to everybody (mode 0644)"),
        (0o604, "is open to everybody (mode 0604)"),
        (0o602, "is open to everybody (mode 0602)"),
        (0o601, "is open to everybody (mode 0601)"),
        (0o660, "can be changed by its group (mode 0660)"),
        (0o620, "can be changed by its group (mode 0620)"),
    ],
)
def test_modes_that_do_not(write, mode, reason):
    assert reason_of(write(keys.pem("ed25519"), mode)) == reason


def test_another_group_must_not_read_it(write):
    path = write(keys.pem("ed25519"), 0o640)
    reason = f"can be read by the group with the number {path.stat().st_gid}, not the service's"
    assert reason_of(path, ServiceAccount(uid=ME.uid, gid=OTHER_ID)) == reason


def test_the_owner_is_root_or_the_service(write):
    path = write(keys.pem("ed25519"), 0o640)
    os.chown(path, OTHER_ID, ME.gid)
    reason = f"belongs to the user with the number {OTHER_ID}, neither root nor the service"
    assert reason_of(path, ServiceAccount(uid=OTHER_ID + 1, gid=ME.gid)) == reason
    assert read_private_key(path, ServiceAccount(uid=OTHER_ID, gid=ME.gid)).bits == 256


def test_root_finds_that_the_service_could_not_read_it(write):
    path = write(keys.pem("ed25519"), 0o600)
    os.chown(path, 0, 0)
    assert reason_of(path, ServiceAccount(uid=OTHER_ID, gid=OTHER_ID)) == "cannot be read by the service's user"


def test_what_is_no_file(tmp_path):
    assert reason_of(tmp_path / "none.pem") == "does not exist"
    assert reason_of(tmp_path) == "is no regular file"
    os.mkfifo(tmp_path / "fifo")
    assert reason_of(tmp_path / "fifo") == "is no regular file"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert reason_of(tmp_path / "loop").startswith("cannot be read: ")


def test_a_link_is_followed_to_what_it_names(write, tmp_path):
    (tmp_path / "link").symlink_to(write(keys.pem("ed25519"), 0o644))
    assert reason_of(tmp_path / "link") == "is open to everybody (mode 0644)"
