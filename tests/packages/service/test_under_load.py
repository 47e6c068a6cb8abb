# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing but the package and the lines that it prints; then whatever is done to the service while mail comes in.

What a sender was told 250 is delivered with our fields; what was put off came again.  The tests share one host, in
their order.
"""

from __future__ import annotations

import shutil

import pytest

from postward import __version__
from tests.packages.booted import booted
from tests.packages.service.mail_host import PACKAGE, MailHost, end_load, is_filtered
from tests.packages.service.previous_package import OLD_VERSION, make_previous_package

PREVIOUS = "/root/previous.deb"
APT = ("apt-get", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", "install")


@pytest.fixture(scope="module")
def host(fresh_root, deb_package, tmp_path_factory):
    """A host that runs the previous version, attached to Postfix by the printed lines."""
    shutil.copy2(make_previous_package(deb_package, tmp_path_factory.mktemp("previous")), fresh_root.path(PREVIOUS))
    with booted(fresh_root) as root:
        host = MailHost(root)
        host.set_up_postfix()
        root.run(*APT, PREVIOUS)
        host.apply_printed_lines()
        yield host


def status_line(host):
    return host.root.run("postward", "status").stdout


def test_a_message_flows_through_what_was_printed(host):
    assert host.send("first").startswith("(250,")
    assert is_filtered(host.wait_for_one("first"))
    assert host.root.property("ActiveState") == "active"
    assert host.root.property("UnitFileState") == "enabled"
    assert f"version {OLD_VERSION}" in status_line(host)


def test_mail_of_programs_on_the_host_is_filtered_too(host):
    host.root.run("sendmail", "alice@example.net", stdin="Subject: local\nX-Test: local\n\nhello\n")

    assert is_filtered(host.wait_for_one("local"))


def test_nothing_is_left_to_print(host):
    difference = host.root.run("postward", "mta", "postfix", "--diff", check=False)

    assert (difference.returncode, difference.stdout) == (0, "")


def reload(host):
    host.root.run("systemctl", "reload", "postward")


def restart(host):
    host.root.run("systemctl", "restart", "postward")


def upgrade(host):
    host.root.run(*APT, PACKAGE)
    assert f"version {__version__}" in status_line(host)


def reinstall(host):
    host.root.run(*APT[:-1], "--reinstall", "install", PACKAGE)


@pytest.mark.parametrize("operation", [reload, restart, upgrade, reinstall])
def test_under_load_nothing_is_lost_or_unfiltered(host, operation):
    before = host.root.property("MainPID")
    load = host.start_load(operation.__name__)
    try:
        operation(host)
    finally:
        report = end_load(load)

    assert report.refused == ()
    found = host.wait_for(report.accepted)
    assert [name for name, message in found.items() if not is_filtered(message)] == []
    is_same_process = host.root.property("MainPID") == before
    assert is_same_process == (operation is reload)
    if operation is reload:
        assert report.put_off == ()
        assert "generation 2: serving" in status_line(host)


def test_a_killed_service_is_started_again(host):
    before = host.root.property("MainPID")

    host.root.shell(f"kill -KILL {before}")
    wait_until_restarted(host, before)

    assert host.send("after-kill").startswith("(250,")
    assert is_filtered(host.wait_for_one("after-kill"))


def test_a_service_that_hangs_is_ended_by_the_watchdog(host):
    host.root.shell(
        "mkdir -p /etc/systemd/system/postward.service.d\n"
        "printf '[Service]\\nWatchdogSec=2\\n' >/etc/systemd/system/postward.service.d/watchdog.conf\n"
        "systemctl daemon-reload\nsystemctl restart postward"
    )
    before = host.root.property("MainPID")

    host.root.shell(f"kill -STOP {before}")
    wait_until_restarted(host, before)

    assert "Watchdog timeout" in host.root.journal()
    assert host.send("after-hanging").startswith("(250,")


def wait_until_restarted(host, before):
    """Wait until another process serves; systemd cannot be waited for where the start is its own idea."""
    host.root.shell(
        "for try in $(seq 300); do\n"
        "  now=$(systemctl show -P MainPID postward)\n"
        f'  [ "$now" = {before} ] || ! systemctl --quiet is-active postward || exit 0\n'
        "  sleep 0.2\ndone\nexit 1"
    )
