# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import time

import pytest
import yaml

from postward.app.key_manifests import read_manifest
from postward.app.keys.key_directory import KeyDirectory
from tests.dns_fixture import DnsFixture
from tests.unit.cli.program import postward


@pytest.fixture
def keys(tmp_path):
    """Run ``postward keys``; ``dns`` are the servers to ask."""

    def run(*arguments, dns="127.0.0.1:1"):
        config = tmp_path / "postward.yaml"
        settings = {"signing": {"keys_dir": str(tmp_path / "keys")}, "dns": {"servers": [dns], "timeout_s": 0.2}}
        config.write_text(yaml.safe_dump(settings))
        return postward("keys", *arguments, "--config", config, "--user", "nobody")

    return run


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys" / "example.com"


def records(keys):
    return json.loads(keys("dns", "example.com", "--json").stdout)["records"]


def zone(keys):
    return {record["name"]: [{"TXT": record["strings"]}] for record in records(keys)}


def test_new_keys_are_closed_to_others_and_never_written_over(keys, folder):
    made = keys("new", "example.com")
    assert made.returncode == 0, made.stderr
    assert "postward keys dns example.com" in made.stdout
    for path in (folder.parent, folder, *folder.iterdir()):
        assert path.stat().st_mode & 0o007 == 0
    before = {path: path.read_bytes() for path in folder.iterdir()}
    again = keys("new", "example.com")
    assert (again.returncode, "has keys already" in again.stderr) == (2, True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_command_waits_for_none_that_changes_keys(keys, folder):
    with KeyDirectory(path=folder.parent, group=None).locked():
        done = keys("new", "example.com")
    assert (done.returncode, "another command is changing the keys" in done.stderr) == (75, True)
    assert not folder.exists()


def test_one_key_as_wanted(keys, folder):
    assert keys("new", "example.com", "--algorithm", "ed25519", "--selector", "s1").returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == ["keys.yaml", "s1.pem"]
    assert keys("new", "example.org", "--selector", "../s1").returncode == 2


def test_records_that_are_published_are_found_and_others_are_told(keys):
    keys("new", "example.com")
    with DnsFixture(zone(keys)) as server:
        found = keys("test", "example.com", dns=server.address)
        assert (found.returncode, found.stdout.count("is the right record")) == (0, 2)
    with DnsFixture({}) as server:
        missing = keys("test", "example.com", dns=server.address)
        assert (missing.returncode, missing.stdout.count("no key for signature")) == (1, 2)
    swapped = dict(zip(zone(keys), reversed(zone(keys).values()), strict=True))
    with DnsFixture(swapped) as server:
        assert keys("test", "example.com", dns=server.address).returncode == 1
    with DnsFixture({name: ["TIMEOUT"] for name in zone(keys)}) as server:
        assert keys("test", "example.com", dns=server.address).returncode == 75


def test_a_zone_file_answers_in_place_of_dns(keys, tmp_path):
    keys("new", "example.com")
    path = tmp_path / "zone.yaml"
    path.write_text(yaml.safe_dump(zone(keys)))
    told = json.loads(keys("test", "example.com", "--dns", path, "--json").stdout)
    assert [key["ok"] for key in told] == [True, True]


def test_rotation_tells_when_what_may_go(keys, folder):
    keys("new", "example.com", "--algorithm", "rsa")
    turned = keys("rotate", "example.com", "--publish-days", "2", "--overlap-days", "3")
    assert turned.returncode == 0, turned.stderr
    old, new = read_manifest(folder / "keys.yaml").manifest.keys
    assert new.signs_from_s == old.signs_until_s == pytest.approx(time.time() + 2 * 86_400, abs=60)
    assert old.removable_from_s == old.signs_until_s + 3 * 86_400
    assert new.selector != old.selector
    again = keys("rotate", "example.com")
    assert (again.returncode, "under way" in again.stderr) == (2, True)
    assert "nothing may go yet" in keys("rotate", "example.com", "--prune").stdout
    assert len(records(keys)) == 2


def test_what_may_go_is_deleted_on_demand(keys, folder):
    keys("new", "example.com", "--algorithm", "rsa")
    keys("rotate", "example.com", "--now", "--overlap-days", "1")
    manifest = folder / "keys.yaml"
    text = manifest.read_text()
    old = read_manifest(manifest).manifest.keys[0]
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(old.removable_from_s))
    manifest.write_text(text.replace(moment, "2026-01-01T00:00:00Z"))
    told = json.loads(keys("rotate", "example.com", "--prune", "--json").stdout)
    assert told["deleted"] == [old.selector]
    assert not (folder / old.file).exists()
    assert len(records(keys)) == 1


def test_a_key_that_cannot_be_read_is_told_with_its_cause(keys, folder):
    keys("new", "example.com", "--algorithm", "rsa", "--selector", "s1")
    (folder / "s1.pem").chmod(0o644)
    listed, shown = keys("list"), keys("dns", "example.com")
    assert "s1.pem is open to everybody" in listed.stdout
    assert (shown.returncode, "s1.pem is open to everybody" in shown.stderr) == (1, True)
    assert keys("test", "example.com").returncode == 1


def test_a_folder_that_cannot_be_read_hides_no_other(keys, folder):
    keys("new", "example.com", "--algorithm", "ed25519")
    (folder.parent / "example.org").mkdir()
    listed = keys("list")
    assert (listed.returncode, "signing, ed25519" in listed.stdout) == (1, True)
    assert "example.org/keys.yaml: is missing" in listed.stderr.replace(" (", ": (")


def test_a_domain_whose_keys_are_all_gone_is_not_taken_for_a_good_one(keys, folder):
    keys("new", "example.com", "--algorithm", "ed25519", "--selector", "s1")
    (folder / "keys.yaml").write_text("domain: example.com\nkeys: []\n")
    for command in ("dns", "test"):
        done = keys(command, "example.com")
        assert (done.returncode, "no key that signs" in done.stderr) == (2, True)


def test_a_domain_without_keys_and_a_user_that_is_not_there(keys, tmp_path):
    assert keys("list").stdout.startswith("no keys in ")
    for command in ("dns", "test", "rotate"):
        done = keys(command, "example.com")
        assert (done.returncode, "postward keys new example.com" in done.stderr) == (2, True)
    config = tmp_path / "postward.yaml"
    done = postward("keys", "list", "--config", config, "--user", "no-such-user")
    assert "Traceback" not in done.stderr


def test_opendkims_keys_are_taken_over(keys, tmp_path, folder):
    (tmp_path / "KeyTable").write_text(f"k example.com:mail:{tmp_path}/missing.pem\n")
    (tmp_path / "SigningTable").write_text("example.com k\n")
    done = keys(
        "import", "opendkim", "--key-table", tmp_path / "KeyTable", "--signing-table", tmp_path / "SigningTable"
    )
    assert done.returncode == 1
    assert "missing.pem: No such file or directory" in done.stdout
    assert not folder.exists()
