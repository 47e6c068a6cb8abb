# SPDX-License-Identifier: GPL-3.0-or-later
"""Fresh mail hosts for the tests of a module."""

from __future__ import annotations

import shutil

import pytest

from tests.packages.booted import HOST_NAME
from tests.packages.conftest import remove_root
from tests.packages.debian_root import debian_root
from tests.packages.service.archives import fetch_archives
from tests.packages.service.mail_host import PACKAGE

BASE = ("systemd", "postfix", "redis-server", "iproute2")


@pytest.fixture(scope="module")
def fresh_root(tmp_path_factory, shared_folder, deb_package):
    """A Debian 13 with Postfix and Redis, and the package file; apt has fetched what that needs."""
    root = debian_root(tmp_path_factory.mktemp("service") / "root", packages=BASE)
    root.put("/etc/hostname", f"{HOST_NAME}\n")
    root.put("/etc/hosts", f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {HOST_NAME} mx\n")
    shutil.copy2(deb_package, root.path(PACKAGE))
    fetch_archives(root, shared_folder / "archives", "postfix", PACKAGE)
    yield root
    remove_root(root.folder)
