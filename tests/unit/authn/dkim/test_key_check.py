# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hashlib import sha256

import pytest

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key import read_key_record
from postward.authn.dkim.key_check import check_key, check_strict_identity, is_signed_by
from postward.authn.dkim.settings import DkimSettings
from postward.model.dkim import DkimStatus
from tests.signatures import keys

SETTINGS = DkimSettings()


def key(name="rsa2048", tags=""):
    return read_key_record(keys.record(name, tags).encode())


@pytest.mark.parametrize("tags", ["", "h=sha256; ", "h=sha1:sha256; ", "s=email; ", "s=*; ", "t=y; "])
def test_may_be_used(tags):
    check_key(key(tags=tags), "rsa-sha256", SETTINGS)
    check_key(key("ed25519", tags), "ed25519-sha256", SETTINGS)


@pytest.mark.parametrize(
    ("name", "tags", "algorithm", "status"),
    [
        ("rsa2048", "h=sha1; ", "rsa-sha256", DkimStatus.PERMERROR),
        ("rsa2048", "h=; ", "rsa-sha256", DkimStatus.PERMERROR),
        ("rsa2048", "s=tlsrpt; ", "rsa-sha256", DkimStatus.PERMERROR),
        ("rsa2048", "", "ed25519-sha256", DkimStatus.PERMERROR),
        ("ed25519", "", "rsa-sha256", DkimStatus.PERMERROR),
        ("rsa512", "", "rsa-sha256", DkimStatus.POLICY),
    ],
)
def test_may_not_be_used(name, tags, algorithm, status):
    with pytest.raises(SignatureError) as caught:
        check_key(key(name, tags), algorithm, SETTINGS)
    assert caught.value.status is status


def test_sizes_are_settings():
    check_key(key("rsa512"), "rsa-sha256", DkimSettings(min_rsa_bits=512))
    with pytest.raises(SignatureError, match="too long"):
        check_key(key("rsa4096"), "rsa-sha256", DkimSettings(max_rsa_bits=2048))


def test_strict_identity():
    check_strict_identity(key(), strict_identity=False)
    check_strict_identity(key(tags="t=s; "), strict_identity=True)
    with pytest.raises(SignatureError):
        check_strict_identity(key(tags="t=y:s; "), strict_identity=False)


@pytest.mark.parametrize("name", ["rsa1024", "rsa2048", "rsa4096", "ed25519"])
def test_signatures(name):
    signature = keys.sign(name, b"data")
    digest = sha256(b"data").digest()
    assert is_signed_by(key(name), signature, digest)
    assert not is_signed_by(key(name), signature, sha256(b"other").digest())
    for wrong in (b"", b"\x00", signature[:-1], signature + b"\x00", bytes(len(signature)), b"\xff" * len(signature)):
        assert not is_signed_by(key(name), wrong, digest)


def test_another_key():
    assert not is_signed_by(key("rsa2048-other"), keys.sign("rsa2048", b"data"), sha256(b"data").digest())
    assert not is_signed_by(key("ed25519"), keys.sign("rsa2048", b"data"), sha256(b"data").digest())
