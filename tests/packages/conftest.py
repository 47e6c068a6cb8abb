# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian roots and the package built from this checkout, each made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packages.debian_root import DebianRoot, debian_root

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "packages"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def _locked(path):
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def deb_package(shared_folder):
    """Postward's Debian package, built from the checkout by packaging/build-deb.

    Without the unit tests, which this run has by itself: ``make deb`` runs them with Debian's libraries, which takes as
    long as all that is tested here.  POSTWARD_DEB names a package that is there already.
    """
    if "POSTWARD_DEB" in os.environ:
        return Path(os.environ["POSTWARD_DEB"])
    folder = shared_folder / "deb"
    with _locked(shared_folder / "deb.lock"):
        if not folder.exists():
            building = shared_folder / "deb-in-work"
            done = subprocess.run(
                ["sh", str(ROOT / "packaging" / "build-deb"), str(building)],
                env={**os.environ, "DEB_BUILD_OPTIONS": "nocheck"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            building.rename(folder)
    [package] = folder.glob("postward_*.deb")
    return package


@pytest.fixture
def trixie_root(tmp_path):
    """Make roots: ``trixie_root()`` has systemd, Postfix and Redis, ``trixie_root("sendmail-bin")`` what is named."""
    numbers = itertools.count()
    made: list[DebianRoot] = []

    def make(*packages: str) -> DebianRoot:
        root = debian_root(
            tmp_path / f"root{next(numbers)}", packages=packages or ("systemd", "postfix", "redis-server", "iproute2")
        )
        made.append(root)
        return root

    yield make
    for root in made:
        remove_root(root.folder)


def remove_root(folder: Path) -> None:
    """Delete a root, unless something is still mounted in it."""
    mounted = [line for line in Path("/proc/self/mounts").read_text().splitlines() if f" {folder}/" in line]
    assert not mounted, f"still mounted: {mounted}"
    shutil.rmtree(folder)
