# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.sealing_settings import SealingKey, load_sealing_key, seal_when
from postward.config import load
from postward.signing.arc import SealWhen
from postward.signing.key_file import ServiceAccount
from tests.signatures import keys

ME = ServiceAccount(uid=os.geteuid(), gid=os.getegid())


@pytest.fixture
def configured(tmp_path):
    def configured(text="", *, key="rsa2048", mode=0o600):
        file = tmp_path / "arc.pem"
        file.write_bytes(keys.pem(key))
        file.chmod(mode)
        path = tmp_path / "postward.yaml"
        begin = f"sealing:\n  enabled: true\n  domain: Example.COM\n  selector: arc1\n  file: {file}\n"
        path.write_text(begin + text, encoding="utf-8")
        return load(path)

    return configured


def test_by_default_nothing_is_sealed():
    assert load_sealing_key(load(None), ME) == SealingKey()
    assert seal_when(load(None)) == frozenset()


@pytest.mark.parametrize(("key", "algorithm"), [("rsa2048", "rsa-sha256"), ("ed25519", "ed25519-sha256")])
def test_the_key_that_seals(configured, key, algorithm):
    loaded = load_sealing_key(configured(key=key), ME)
    assert (loaded.sealer.name, loaded.sealer.key.algorithm) == ("example.com:arc1", algorithm)
    assert (loaded.faults, loaded.warnings) == ((), ())


def test_the_occasions(configured):
    assert seal_when(configured()) == {SealWhen.FORWARDED, SealWhen.MODIFIED}
    assert seal_when(configured("  when: [always]\n")) == {SealWhen.ALWAYS}


@pytest.mark.parametrize(
    ("key", "mode", "words"),
    [("rsa2048", 0o644, "is open to everybody (mode 0644)"), ("rsa512", 0o600, "is an RSA key of only 512 bits")],
)
def test_a_key_that_cannot_be_used_is_a_fault_with_its_line(configured, key, mode, words):
    loaded = load_sealing_key(configured(key=key, mode=mode), ME)
    (fault,) = loaded.faults
    assert (loaded.sealer, fault.line, fault.key) == (None, 5, "sealing.file")
    assert words in fault.message


def test_a_short_key_is_warned_of(configured):
    loaded = load_sealing_key(configured(key="rsa1024"), ME)
    assert loaded.sealer is not None
    assert ["only 1024 bits" in warning.message for warning in loaded.warnings] == [True]


def test_chains_that_nobody_validates_are_not_sealed(configured):
    (warning,) = load_sealing_key(configured("arc:\n  enabled: false\n"), ME).warnings
    assert (warning.line, warning.key) == (2, "sealing.enabled")
    assert warning.message.startswith("nothing is sealed while arc.enabled is false")
