# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.key_manifests import read_manifest
from postward.errors import ConfigErrors
from postward.signing.manifest import KeyEntry, Manifest

NOON_S = 1_795_521_600
KEYS = (
    KeyEntry(selector="pw20261124r", file="pw20261124r.pem", signs_from_s=NOON_S),
    KeyEntry(selector="2026", file="0.pem", signs_until_s=NOON_S, removable_from_s=NOON_S + 86_400),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys.yaml"


def faults_of(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        read_manifest(path)
    assert all(error.path == str(path) for error in caught.value.errors)
    return [(error.line, error.key, error.message) for error in caught.value.errors]


@pytest.mark.parametrize("domain", ["example.com", "no", "xn--bcher-kva.example", "1e5"])
@pytest.mark.parametrize("keys", [KEYS, ()])
def test_what_is_written_is_read(path, domain, keys):
    manifest = Manifest(domain=domain, keys=keys)
    path.write_text(manifest.text(), encoding="utf-8")
    read = read_manifest(path)
    assert (read.path, read.manifest) == (path, manifest)
    assert len(read.lines) == len(keys)


def test_a_manifest_written_by_hand_is_read_with_its_lines(path):
    path.write_text(
        "domain: Example.COM\nkeys:\n"
        "  - {selector: a, file: a.pem, signs_from: 2026-11-24T12:00:00Z, signs_until: null, removable_from: null}\n"
        "  - selector: b\n    file: b.pem\n",
        encoding="utf-8",
    )
    read = read_manifest(path)
    assert read.manifest == Manifest(
        domain="example.com",
        keys=(KeyEntry(selector="a", file="a.pem", signs_from_s=NOON_S), KeyEntry(selector="b", file="b.pem")),
    )
    assert read.lines == (3, 4)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("{file: a.pem}", (3, "keys[0].selector", "is missing")),
        ("{selector: a}", (3, "keys[0].file", "is missing")),
        ("{selector: a, file: ../a.pem}", (3, "keys[0].file", "is no name of a file beside the manifest")),
        ("{selector: a, file: .a}", (3, "keys[0].file", "is no name of a file beside the manifest")),
        ('{selector: "a b", file: a}', (3, "keys[0].selector", "is no domain name")),
        ("{selector: a, file: a, signs_from: 2026-11-24}", (3, "keys[0].signs_from", "is no time in UTC")),
        ("{selector: a, file: a, signs_from: 2026-02-30T00:00:00Z}", (3, "keys[0].signs_from", "is no time in UTC")),
        ("{selector: a, file: a, signs_from: 12}", (3, "keys[0].signs_from", "must be text")),
        ("{selector: a, file: a, sign_from: null}", (3, "keys[0].sign_from", "unknown key")),
        (
            "{selector: a, file: a, signs_from: 2026-11-24T12:00:00Z, signs_until: 2026-11-24T12:00:00Z}",
            (3, "keys[0]", "signs_until is not after signs_from"),
        ),
    ],
)
def test_a_fault_is_named_with_its_line(path, entry, fault):
    assert faults_of(path, f"domain: example.com\nkeys:\n  - {entry}\n") == [fault]


def test_an_unknown_key_of_an_entry_has_a_hint(path):
    path.write_text("domain: a.example\nkeys:\n  - {selector: a, file: a, sign_from: null}\n", encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        read_manifest(path)
    assert caught.value.errors[0].hint == "did you mean signs_from?"


def test_a_selector_that_stands_twice_is_a_fault(path):
    keys = "  - {selector: a, file: a.pem}\n  - {selector: A, file: b.pem}\n"
    assert faults_of(path, f"domain: example.com\nkeys:\n{keys}") == [(1, "", "selector a stands twice")]


@pytest.mark.parametrize("text", ["", "keys: []\n"])
def test_a_manifest_needs_its_domain(path, text):
    assert [fault[1:] for fault in faults_of(path, text)] == [("domain", "is missing")]


def test_a_duplicate_key_and_a_missing_file_are_faults(path):
    with pytest.raises(ConfigErrors):
        read_manifest(path)
    assert faults_of(path, "domain: a.example\ndomain: b.example\n") == [(2, "domain", "duplicate key")]
