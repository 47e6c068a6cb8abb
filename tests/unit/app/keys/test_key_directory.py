# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.keys.key_directory import KeyDirectory, KeysBusy
from postward.errors import UsageError
from postward.signing.manifest import KeyEntry, Manifest

KEY = KeyEntry(selector="s1", file="s1.pem")
MANIFEST = Manifest(domain="example.com", keys=(KEY,))


@pytest.fixture
def directory(tmp_path):
    return KeyDirectory(path=tmp_path / "keys", group=None)


def test_what_is_written_is_read_again_and_belongs_to_its_user_alone(directory):
    directory.write(MANIFEST, {"s1.pem": b"key"})
    assert directory.manifest("example.com") == MANIFEST
    folder = directory.path / "example.com"
    assert sorted(path.name for path in folder.iterdir()) == ["keys.yaml", "s1.pem"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert [path.stat().st_mode & 0o777 for path in (directory.path, folder)] == [0o700, 0o700]


def test_root_lets_the_group_of_the_service_read_and_nobody_else_can(tmp_path):
    directory, folder = KeyDirectory(path=tmp_path / "keys", group=65_534), tmp_path / "keys" / "example.com"
    if os.geteuid() != 0:
        with pytest.raises(UsageError, match="not permitted"):
            directory.write(MANIFEST, {"s1.pem": b"key"})
        assert not folder.exists()
        return
    directory.write(MANIFEST, {"s1.pem": b"key"})
    found = {path.name: path.stat() for path in (folder.parent, folder, *folder.iterdir())}
    assert {(status.st_uid, status.st_gid) for status in found.values()} == {(0, 65_534)}
    modes = {name: status.st_mode & 0o777 for name, status in found.items()}
    assert modes == {"keys": 0o750, "example.com": 0o750, "keys.yaml": 0o640, "s1.pem": 0o640}


def test_a_key_is_never_written_over_and_what_was_begun_is_taken_back(directory):
    folder = directory.path / "example.com"
    directory.write(MANIFEST, {"s2.pem": b"there before"})
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UsageError, match=r"s2\.pem: File exists"):
        directory.write(Manifest(domain="example.com"), {"s1.pem": b"new", "s2.pem": b"new"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_nothing_is_left_where_the_manifest_cannot_be_replaced(directory):
    folder = directory.path / "example.com"
    (folder / "keys.yaml").mkdir(parents=True)
    with pytest.raises(UsageError, match="Is a directory"):
        directory.write(MANIFEST, {"s1.pem": b"key"})
    assert [path.name for path in folder.iterdir()] == ["keys.yaml"]


def test_only_one_command_at_a_time_changes_keys(directory):
    with directory.locked(), pytest.raises(KeysBusy), directory.locked():
        pytest.fail("the second was let in")
    with directory.locked():
        assert directory.path.is_dir()


def test_a_place_where_no_directory_can_be_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    directory = KeyDirectory(path=tmp_path / "file" / "keys", group=None)
    with pytest.raises(UsageError, match="Not a directory"):
        directory.write(MANIFEST, {})
    with pytest.raises(UsageError, match="Not a directory"), directory.locked():
        pytest.fail("there is no such directory")


def test_folders_and_those_that_cannot_be_read(directory):
    assert directory.folders() == ()
    directory.write(MANIFEST, {})
    (directory.path / "example.org").mkdir()
    good, bad = directory.folders()
    assert (good.manifest.manifest, bad.manifest) == (MANIFEST, None)
    assert "is missing" in str(bad.faults[0])
