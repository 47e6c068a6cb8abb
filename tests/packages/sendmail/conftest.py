# SPDX-License-Identifier: GPL-3.0-or-later
"""One host with Sendmail for all these tests."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.packages.conftest import remove_root
from tests.packages.debian_root import debian_root
from tests.packages.sendmail.sendmail_host import SendmailHost, package_depends

SENDMAIL = (
    "sendmail-bin",
    "sendmail-cf",
    "sensible-mda",
    "make",
    "sasl2-bin",
    "libsasl2-modules",
    "libsasl2-modules-db",
)


@pytest.fixture(scope="module")
def host(deb_package, tmp_path_factory):
    fields = subprocess.run(
        ["dpkg-deb", "-f", deb_package, "Depends"], capture_output=True, text=True, check=True
    ).stdout
    folder = tmp_path_factory.mktemp("sendmail")
    # A short path: that of the socket which tells that Postward is ready goes through it.
    root = debian_root(folder / "root", packages=(*SENDMAIL, *package_depends(fields), "redis-server", "iproute2"))
    shutil.copy(deb_package, root.path("/postward.deb"))
    root.install("/postward.deb")
    with SendmailHost(root, folder) as running:
        yield running
    remove_root(root.folder)
