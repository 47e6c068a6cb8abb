# SPDX-License-Identifier: GPL-3.0-or-later
"""The RPM packages built from this checkout, and a Debian 13 with rpm in it to look at them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packages.conftest import remove_root
from tests.packages.debian_root import DebianRoot, debian_root
from tests.packages.selinux.policy_root import TOOLS

BUILD = Path(__file__).parents[3] / "packaging" / "build-rpm"


@dataclass(frozen=True)
class Rpms:
    """The folder with the packages, and a root in which they lie below /rpms."""

    folder: Path
    root: DebianRoot

    def query(self, *options: str, package: str = "postward") -> list[str]:
        """Lines of ``rpm -qp`` about a package."""
        return self.root.run("sh", "-c", f"rpm -qp {' '.join(options)} {self.path(package)}").stdout.splitlines()

    def path(self, package: str) -> str:
        """The package's file in the root."""
        [file] = self.folder.glob(f"{package}-[0-9]*.noarch.rpm")
        return f"/rpms/{file.name}"


@pytest.fixture(scope="session")
def built(shared_folder):
    """The folder that packaging/build-rpm fills; POSTWARD_RPMS names one that is there already."""
    if "POSTWARD_RPMS" in os.environ:
        return Path(os.environ["POSTWARD_RPMS"])
    folder = shared_folder / "rpm"
    with (shared_folder / "rpm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            building = shared_folder / "rpm-in-work"
            done = subprocess.run(["sh", str(BUILD), str(building)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            building.rename(folder)
    return folder


@pytest.fixture(scope="session")
def rpms(built, tmp_path_factory):
    root = debian_root(tmp_path_factory.mktemp("rpm") / "root", packages=TOOLS)
    shutil.copytree(built, root.path("/rpms"))
    yield Rpms(built, root)
    remove_root(root.folder)
