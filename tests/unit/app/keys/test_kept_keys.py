# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest
import yaml

from postward.app.configuration_file import configuration_in_force
from postward.app.keys.kept_keys import ALGORITHMS, kept_keys, make_keys, time_words
from postward.app.keys.key_directory import KeyDirectory
from postward.app.signing_keys import load_signing_keys
from postward.signing.key_file import ServiceAccount
from postward.signing.manifest import KeyEntry, Manifest

NOW_S = 1_795_478_400.0
OWN = ServiceAccount(uid=os.geteuid(), gid=os.getegid())


@pytest.fixture
def directory(tmp_path):
    return KeyDirectory(path=tmp_path / "keys", group=None)


def test_keys_that_are_made_sign_with_no_setting_but_where_they_are(directory, tmp_path):
    made = make_keys(Manifest(domain="example.com"), ALGORITHMS, bits=2048, now_s=NOW_S)
    directory.write(Manifest(domain="example.com", keys=made.entries), made.pems)
    path = tmp_path / "postward.yaml"
    path.write_text(yaml.safe_dump({"signing": {"keys_dir": str(directory.path)}}))
    loaded = load_signing_keys(configuration_in_force(path), OWN)
    assert (loaded.faults, loaded.warnings) == ((), ())
    signing = loaded.keyring.keys_for("example.com", "", NOW_S)
    assert [(key.selector, key.algorithm) for key in signing] == [
        ("pw20261124r", "rsa-sha256"),
        ("pw20261124e", "ed25519-sha256"),
    ]


def test_a_key_that_is_missing_is_told_and_hides_no_other(directory):
    made = make_keys(Manifest(domain="example.com"), ["ed25519"], bits=0, now_s=NOW_S)
    manifest = Manifest(domain="example.com", keys=(KeyEntry(selector="gone", file="gone.pem"), *made.entries))
    directory.write(manifest, made.pems)
    gone, there = kept_keys(directory, "example.com", manifest.keys, OWN)
    assert (gone.key, gone.algorithm, gone.problem) == (None, "", "gone.pem does not exist")
    assert (there.algorithm, there.problem) == ("ed25519", "")


@pytest.mark.parametrize(
    ("times", "state"),
    [
        ({}, "signing"),
        ({"signs_from_s": NOW_S + 1}, "pending"),
        ({"signs_until_s": NOW_S}, "ended"),
        ({"signs_until_s": NOW_S - 9, "removable_from_s": NOW_S + 1}, "ended"),
        ({"signs_until_s": NOW_S - 9, "removable_from_s": NOW_S}, "removable"),
    ],
)
def test_the_state_of_a_key_in_one_word(directory, times, state):
    (kept,) = kept_keys(directory, "example.com", [KeyEntry(selector="s", file="s.pem", **times)], OWN)
    assert kept.state(NOW_S) == state


def test_a_moment_in_words():
    assert (time_words(int(NOW_S)), time_words(None)) == ("2026-11-24 00:00 UTC", "")
