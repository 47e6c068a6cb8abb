# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the Debian package, and what it makes of a fresh Debian 13."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

SOCKET = "/var/spool/postfix/postward"


@pytest.fixture(scope="module")
def root(tmp_path_factory, deb_package):
    """A Debian 13 in which apt has installed nothing but the package and what it depends on."""
    from tests.packages.conftest import remove_root  # noqa: PLC0415 - pytest loads conftest by path first
    from tests.packages.debian_root import debian_root  # noqa: PLC0415 - the same

    made = debian_root(
        tmp_path_factory.mktemp("deb") / "root", packages=("systemd", "postfix", "redis-server", "iproute2")
    )
    shutil.copy(deb_package, made.path("/root/"))
    made.install(f"/root/{deb_package.name}")
    yield made
    remove_root(made.folder)


def field(package, name):
    done = subprocess.run(["dpkg-deb", "--field", package, name], capture_output=True, text=True, check=True)
    return [entry.strip() for entry in done.stdout.split(",")]


def test_what_dh_python3_drops_is_a_dependency(deb_package):
    wanted = {"python3-spf (>= 2.0.14)", "python3-redis (>= 6.1)", "python3-milter (>= 1.0.5)", "python3-re2"}
    assert wanted <= set(field(deb_package, "Depends"))
    assert field(deb_package, "Recommends") == ["redis-server | valkey-server"]


def test_lintian_finds_no_error_and_no_warning(deb_package):
    told = (deb_package.parent / "lintian.txt").read_text()
    assert not re.search(r"^[EW]:", told, re.MULTILINE), told


def test_the_configuration_is_a_conffile(root):
    assert "/etc/postward/postward.yaml" in root.run("dpkg-query", "-W", "-f=${Conffiles}", "postward").stdout


def test_accounts_and_modes(root):
    told = root.run("stat", "-c", "%A %U:%G", "/etc/postward/keys", "/etc/postward/postward.yaml", SOCKET)
    folder = told.stdout.splitlines()
    assert folder[:2] == ["drwxr-x--- root:postward", "-rw-r----- root:postward"]
    assert folder[2].startswith("drwx--s--- postward:")


def test_the_installed_program_takes_its_configuration(root):
    root.run("postward", "check", "--config-only")
    assert "unix:postward/milter.sock" in root.run("postward", "mta", "postfix").stdout


def test_every_program_has_a_manual_page_and_completion(root):
    assert root.path("/usr/share/man/man1/postward.1.gz").is_file()
    assert root.path("/usr/share/bash-completion/completions/postward").is_file()


def test_purge_leaves_what_the_administrator_made_and_the_account(root, deb_package):
    root.put("/etc/postward/keys/example.com.pem", "a key\n")
    root.put("/var/lib/postward/state", "ours\n")
    root.run("dpkg", "--purge", "postward")
    assert root.path("/etc/postward/keys/example.com.pem").is_file()
    gone = ("/etc/postward/postward.yaml", "/var/lib/postward", SOCKET, "/usr/bin/postward", "/usr/share/postward")
    assert [path for path in gone if root.path(path).exists()] == []
    assert "postward" in root.path("/etc/passwd").read_text()
    root.run("dpkg", "--install", f"/root/{deb_package.name}")
    root.run("postward", "check", "--config-only")
    assert root.run("stat", "-c", "%A %U:%G", "/etc/postward/keys").stdout == "drwxr-x--- root:postward\n"
