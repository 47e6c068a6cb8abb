# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import shutil

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.signing_keys import check_signing_keys, load_keys_as
from postward.config import load
from postward.signing.manifest import KeyEntry, Manifest
from tests.signatures import keys


@pytest.fixture
def site(open_dir, stranger):
    folder = open_dir / "keys" / "example.com"
    folder.mkdir(parents=True)
    manifest = Manifest(domain="example.com", keys=(KeyEntry(selector="sel", file="key.pem"),))
    (folder / "keys.yaml").write_text(manifest.text(), encoding="utf-8")
    (folder / "key.pem").write_bytes(keys.pem("rsa2048"))
    (folder / "key.pem").chmod(0o640)
    os.chown(folder / "key.pem", 0, stranger.gid)
    return folder


def check(site, user, text=""):
    path = site.parent.parent / "postward.yaml"
    path.write_text(f"signing:\n  keys_dir: {site.parent}\n{text}", encoding="utf-8")
    config = load(path)
    findings = check_signing_keys(config, load_keys_as(config, user.name), user.name)
    return [(finding.level, finding.message) for finding in findings]


def test_keys_that_the_service_can_use(site, stranger):
    assert check(site, stranger) == [(Level.OK, "all can be used")]


def test_a_key_that_it_cannot_use_is_named_with_file_and_line(site, stranger):
    (site / "key.pem").chmod(0o644)
    message = f"{site}/keys.yaml:5: keys[0].file: {site}/key.pem is open to everybody (mode 0644)"
    assert check(site, stranger) == [(Level.ERROR, message)]


def test_a_key_that_only_root_can_read(site, stranger):
    (site / "key.pem").chmod(0o600)
    ((level, message),) = check(site, stranger)
    assert (level, message.endswith("cannot be read by the service's user")) == (Level.ERROR, True)


@pytest.mark.parametrize("parent", [False, True])
def test_a_directory_that_only_root_can_enter(site, stranger, parent):
    closed = site.parent if parent else site
    closed.chmod(0o700)
    ((level, message),) = check(site, stranger)
    assert level is Level.ERROR
    assert message.startswith(f"the user {stranger.name} cannot list the keys: ")


def test_a_short_key_is_a_warning(site, stranger):
    (site / "key.pem").write_bytes(keys.pem("rsa1024"))
    assert [level for level, _ in check(site, stranger)] == [Level.WARNING, Level.OK]


def test_without_keys(site, stranger):
    shutil.rmtree(site)
    assert check(site, stranger) == [(Level.OK, "no domain has a key: nothing is signed")]


def test_where_signing_is_off(site, stranger):
    (site / "key.pem").unlink()
    ((level, message),) = check(site, stranger, "  enabled: false\n")
    assert (level, message) == (Level.OK, "nothing is signed, for signing.enabled is false")
