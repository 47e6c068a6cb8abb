# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts on which the pages are followed as they are written: Debian 13 with Postfix, and the package file beside it."""

from __future__ import annotations

import shutil

import pytest

from postward import __version__
from tests.packages.booted import HOST_NAME, booted
from tests.packages.conftest import remove_root
from tests.packages.debian_root import debian_root
from tests.packages.docs.follower import Follower
from tests.packages.service.archives import fetch_archives
from tests.packages.service.mail_host import MailHost

PACKAGE = f"/root/postward_{__version__}_all.deb"
BASE = ("systemd", "postfix", "redis-server", "iproute2")
SUBMISSION = "submission/inet=submission inet n - y - - smtpd"


@pytest.fixture(scope="module")
def mail_host(request, tmp_path_factory, shared_folder, deb_package):
    """A mail host without Postward; ``PACKAGES`` of the module are installed too."""
    root = debian_root(tmp_path_factory.mktemp("docs") / "root", packages=BASE)
    root.put("/etc/hostname", f"{HOST_NAME}\n")
    root.put("/etc/hosts", f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {HOST_NAME} mx\n")
    # What the dependencies recommend is not fetched for a test; Redis, which Postward recommends, is there.
    root.put("/etc/apt/apt.conf.d/80recommends", 'APT::Install-Recommends "false";\n')
    root.install(*getattr(request.module, "PACKAGES", ("postfix",)))
    shutil.copy2(deb_package, root.path(PACKAGE))
    fetch_archives(root, shared_folder / "archives", PACKAGE)
    with booted(root) as running:
        host = MailHost(running)
        host.set_up_postfix()
        running.shell(f"postconf -M '{SUBMISSION}'\npostfix reload")
        yield host
    remove_root(root.folder)


@pytest.fixture(scope="module")
def follower(mail_host):
    return Follower(mail_host.root)
