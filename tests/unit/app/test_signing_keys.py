# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.signing_keys import load_signing_keys
from postward.config import load
from postward.errors import KeysUnusable
from postward.signing.key_file import ServiceAccount
from postward.signing.manifest import KeyEntry, Manifest
from tests.signatures import keys

ME = ServiceAccount(uid=os.geteuid(), gid=os.getegid())
NOW_S = 1_800_000_000.0
UNPRIVILEGED = 65_534


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


class Site:
    """A configuration and a directory of keys."""

    def __init__(self, base):
        self.keys_dir = base / "keys"
        self.config = base / "postward.yaml"

    def write_key(self, path, name="rsa2048", mode=0o600):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(keys.pem(name))
        path.chmod(mode)
        return path

    def write_folder(self, domain, *entries, named=None):
        folder = self.keys_dir / domain
        for entry in entries:
            self.write_key(folder / entry.file, entry.file.removesuffix(".pem"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keys.yaml").write_text(Manifest(domain=named or domain, keys=entries).text(), encoding="utf-8")
        return folder

    def load(self, text="", account=ME):
        self.config.write_text(f"signing:\n  keys_dir: {self.keys_dir}\n{text}", encoding="utf-8")
        return load_signing_keys(load(self.config), account)


def entry(name, **more):
    return KeyEntry(selector=f"sel-{name}", file=f"{name}.pem", **more)


def found(loaded, domain, tenant="", now_s=NOW_S):
    return [(key.domain, key.selector, key.algorithm) for key in loaded.keyring.keys_for(domain, tenant, now_s)]


def words(errors):
    return [(error.path.rpartition("/")[2], error.line, error.key, error.message) for error in errors]


def test_a_directory_that_is_not_there_is_a_fault_only_where_it_is_named(site):
    assert words(site.load().faults) == [("postward.yaml", 2, "signing.keys_dir", f"{site.keys_dir} does not exist")]
    loaded = load_signing_keys(load(None), ME)
    assert (loaded.faults, loaded.keyring.is_empty) == ((), True)


def test_folders_give_the_keys_of_their_domains_in_the_order_of_the_algorithms(site):
    site.write_folder("example.com", entry("ed25519"), entry("rsa2048"))
    site.write_folder("example.net", entry("rsa2048-other", signs_from_s=int(NOW_S) + 60))
    loaded = site.load()
    assert (loaded.faults, loaded.warnings) == ((), ())
    assert found(loaded, "example.com") == [
        ("example.com", "sel-rsa2048", "rsa-sha256"),
        ("example.com", "sel-ed25519", "ed25519-sha256"),
    ]
    assert found(loaded, "example.net") == []
    assert len(found(loaded, "example.net", now_s=NOW_S + 60)) == 1


@pytest.mark.parametrize(
    ("algorithms", "expected"),
    [
        ("[ed25519, rsa]", ["ed25519-sha256", "rsa-sha256"]),
        ("[rsa]", ["rsa-sha256"]),
        ("[ed25519]", ["ed25519-sha256"]),
    ],
)
def test_the_configured_algorithms_sign(site, algorithms, expected):
    site.write_folder("example.com", entry("rsa2048"), entry("ed25519"))
    loaded = site.load(f"  algorithms: {algorithms}\n")
    assert [algorithm for _, _, algorithm in found(loaded, "example.com")] == expected


def test_keys_listed_by_hand(site):
    path = site.write_key(site.keys_dir.parent / "own.pem")
    site.keys_dir.mkdir()
    loaded = site.load(
        "  subdomains: true\n  keys:\n"
        f"    - {{domain: example.com, selector: one, file: {path}}}\n"
        f'    - {{domain: "*.example.net", selector: two, file: {path}, tenant: acme, signing_domain: esp.example}}\n'
    )
    assert loaded.faults == ()
    assert found(loaded, "mail.example.com") == [("example.com", "one", "rsa-sha256")]
    assert found(loaded, "a.example.net", "acme") == [("esp.example", "two", "rsa-sha256")]
    assert found(loaded, "a.example.net") == []


def test_nothing_is_loaded_where_signing_is_off(site):
    loaded = site.load("  enabled: false\n  keys: [{domain: example.com, selector: s, file: /does/not/exist}]\n")
    assert (loaded.faults, loaded.keyring.is_empty) == ((), True)


def test_a_bad_key_by_hand_is_told_with_its_line_and_makes_its_domain_unusable(site):
    site.keys_dir.mkdir()
    loaded = site.load("  keys:\n    - {domain: example.com, selector: s, file: /does/not/exist}\n")
    (fault,) = loaded.faults
    assert words([fault]) == [("postward.yaml", 4, "signing.keys[0].file", "/does/not/exist does not exist")]
    with pytest.raises(KeysUnusable):
        loaded.keyring.keys_for("example.com", "", NOW_S)
    assert found(loaded, "example.net") == []


def test_a_bad_key_in_a_folder_is_told_with_its_line_and_the_good_one_signs(site):
    folder = site.write_folder("example.com", entry("rsa2048"), entry("ed25519"))
    (folder / "ed25519.pem").chmod(0o644)
    loaded = site.load()
    (fault,) = loaded.faults
    message = f"{folder}/ed25519.pem is open to everybody (mode 0644)"
    assert words([fault]) == [("keys.yaml", 6, "keys[1].file", message)]
    assert "chmod" in fault.hint
    assert found(loaded, "example.com") == [("example.com", "sel-rsa2048", "rsa-sha256")]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda folder: (folder / "keys.yaml").unlink(), ("keys.yaml", 0, "", "is missing")),
        (lambda folder: (folder / "keys.yaml").write_text("keys: ["), ("keys.yaml", 1, "", None)),
        (
            lambda folder: (folder / "keys.yaml").write_text("domain: example.net\n"),
            ("keys.yaml", 0, "domain", "is example.net, but the folder is called example.com"),
        ),
    ],
    ids=["missing", "no YAML", "another domain"],
)
def test_a_bad_manifest_makes_its_domain_unusable(site, spoil, fault):
    spoil(site.write_folder("example.com", entry("rsa2048")))
    site.write_folder("good.example", entry("rsa2048-other"))
    loaded = site.load()
    (told,) = words(loaded.faults)
    assert told[:3] == fault[:3]
    assert fault[3] in {None, told[3]}
    with pytest.raises(KeysUnusable):
        loaded.keyring.keys_for("example.com", "", NOW_S)
    assert len(found(loaded, "good.example")) == 1


def test_a_selector_with_two_different_keys_is_a_fault(site):
    site.write_folder("example.com", entry("rsa2048"))
    other = site.write_key(site.keys_dir.parent / "other.pem", "rsa2048-other")
    same = site.write_key(site.keys_dir.parent / "same.pem")
    listed = "  keys:\n    - {{domain: example.com, selector: sel-rsa2048, file: {}}}\n"
    assert site.load(listed.format(same)).faults == ()
    loaded = site.load(listed.format(other))
    (fault,) = loaded.faults
    assert fault.message == (
        f"{site.keys_dir}/example.com/rsa2048.pem is not the only key of the selector sel-rsa2048 of example.com"
    )
    assert found(loaded, "example.com") == [("example.com", "sel-rsa2048", "rsa-sha256")]


def test_a_short_key_is_a_warning(site):
    site.write_folder("example.com", entry("rsa1024"))
    loaded = site.load()
    assert loaded.faults == ()
    (warning,) = loaded.warnings
    assert warning.message == f"{site.keys_dir}/example.com/rsa1024.pem is an RSA key of only 1024 bits"
    assert len(found(loaded, "example.com")) == 1


def test_what_is_no_folder_of_a_domain_is_passed_over(site):
    site.write_folder("example.com", entry("rsa2048"))
    (site.keys_dir / "README").write_text("notes")
    (site.keys_dir / ".git").mkdir()
    assert site.load().faults == ()


def test_a_directory_that_cannot_be_read_leaves_no_domain_known_to_be_without_keys(site):
    site.keys_dir.write_text("no directory")
    loaded = site.load()
    message = f"{site.keys_dir} cannot be read: Not a directory"
    assert words(loaded.faults) == [("postward.yaml", 2, "signing.keys_dir", message)]
    with pytest.raises(KeysUnusable):
        loaded.keyring.keys_for("any.example", "", NOW_S)


def test_another_account_is_asked_for(site):
    site.write_folder("example.com", entry("rsa2048"))
    loaded = site.load(account=ServiceAccount(uid=UNPRIVILEGED, gid=UNPRIVILEGED))
    assert len(loaded.faults) == 1
