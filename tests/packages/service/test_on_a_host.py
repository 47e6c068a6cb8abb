# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of the service on one host: it is there before Postfix, works in its sandbox, and is purged at the end.

The tests share the host, in their order.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.packages.booted import booted
from tests.packages.service.mail_host import PACKAGE, MailHost, is_filtered

APT = ("apt-get", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0")
SOCKET = "/var/spool/postfix/postward/milter.sock"
CONFIGURATION = "/etc/postward/postward.yaml"
MAX_EXPOSURE = 1.5
PAGE = Path(__file__).parents[3] / "docs" / "service.md"
CONSOLE = re.compile(r"(?ms)^```console\n(.*?)^```$")
MIN_BLOCKS = 10
LARGE_LINES = 40_000
"""More than message.body_memory_bytes."""
RULES = """\
rules:
- id: mark-external
  direction: inbound
  plugin: external_tag
- id: confined
  direction: inbound
  plugin: confined
"""
PLUGIN = '''\
"""Tell in a header field what a plugin of the operator may not do."""

import os
import pathlib
import socket

from postward.rules.api import SetHeader, rule


def refusal(attempt):
    try:
        attempt()
    except OSError as error:
        return os.strerror(error.errno)
    return "allowed"


@rule(id="confined", needs={"headers"}, may={"set_header"})
def confined(message, config, context):
    tried = {
        "write": lambda: pathlib.Path("/srv/open/written").write_text("x"),
        "home": lambda: list(pathlib.Path("/root").iterdir()),
        "packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        "nice": lambda: os.setpriority(os.PRIO_PROCESS, 0, -1),
    }
    told = "; ".join(f"{name}={refusal(attempt)}" for name, attempt in tried.items())
    return [SetHeader(name="X-Confined", value=told)]
'''


@pytest.fixture(scope="module")
def host(fresh_root):
    """A host where Postward is installed before the first boot, and there is no Postfix."""
    fresh_root.run(*APT, "purge", "postfix")
    fresh_root.run("sh", "-c", "userdel postfix; ! getent group postfix && rm -rf /var/spool/postfix")
    fresh_root.run(*APT, "install", PACKAGE, network=False)
    with booted(fresh_root) as root:
        yield MailHost(root)


def group_of(host, path):
    return host.root.run("stat", "-c", "%G", path).stdout.strip()


def test_without_postfix_it_starts_with_the_host(host):
    assert host.root.property("ActiveState") == "active"
    assert group_of(host, SOCKET) == "postward"
    assert "postward" not in host.root.shell("journalctl --quiet --output cat -u systemd-tmpfiles-setup.service")
    assert "postward" not in host.root.shell("systemctl --failed")


def test_postfix_that_comes_later_finds_it(host):
    host.root.run("debconf-set-selections", stdin="postfix postfix/main_mailer_type select Internet Site\n")
    host.root.run(*APT, "install", "postfix")

    assert group_of(host, SOCKET) == "postfix"
    assert host.root.property("ActiveState") == "active"
    host.set_up_postfix()
    printed = host.apply_printed_lines()
    assert "tmpfiles" not in printed
    assert host.send("later").startswith("(250,")
    assert is_filtered(host.wait_for_one("later"))
    check = host.root.run("postward", "check", check=False).stdout
    assert f"{SOCKET} as postfix, in the chroot /var/spool/postfix: Postward answers" in check
    assert "error    postfix" not in check


def test_what_the_sandbox_leaves_open_is_little(host):
    told = host.root.run("systemd-analyze", "security", "--no-pager", "postward.service").stdout

    exposure = float(told.split("Overall exposure level for postward.service: ")[1].split()[0])
    assert exposure <= MAX_EXPOSURE, told


def test_the_unit_has_nothing_that_systemd_does_not_know(host):
    verified = host.root.run("systemd-analyze", "verify", "--man=no", "postward.service")

    assert "postward" not in verified.stdout + verified.stderr


def test_plugins_and_a_redis_of_its_own_work_in_the_sandbox(host):
    host.root.root.put("/etc/postward/rules.d/rules.yaml", RULES)
    host.root.root.put("/etc/postward/plugins/confined.py", PLUGIN)
    host.root.run("mkdir", "-m", "1777", "/srv/open")

    host.root.run("systemctl", "reload", "postward")
    wait_for_status(host, "generation 2: serving")

    host.send("in-sandbox")
    message = host.wait_for_one("in-sandbox")
    assert is_filtered(message)
    assert message["X-External"] == "yes"
    assert " ".join(message["X-Confined"].split()) == (
        "write=Read-only file system; home=Permission denied; packet=Address family not supported by protocol;"
        " nice=Operation not permitted"
    )
    assert "Redis of its own" in host.root.run("postward", "status").stdout
    assert host.root.run("redis-cli", "-s", "/var/lib/postward/redis/redis.sock", "ping").stdout == "PONG\n"


def test_the_body_of_a_large_message_goes_to_a_file(host):
    assert host.send("large", lines=LARGE_LINES).startswith("(250,")

    assert is_filtered(host.wait_for_one("large"))


def wait_for_status(host, words):
    wait_until(host, f"postward status | grep -qF '{words}'")


def wait_until(host, command):
    host.root.shell(f"for try in $(seq 300); do ! {command} || exit 0; sleep 0.2; done; {command}")


@pytest.fixture
def wrong_configuration(host):
    """Make a fault in the configuration; returns where, as Postward names it."""
    file = host.root.root.path(CONFIGURATION)
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\nmode: enforse\n", encoding="utf-8")
    yield f"{CONFIGURATION}:{len(before.splitlines()) + 2}"
    file.write_text(before, encoding="utf-8")


def test_a_reload_with_a_wrong_configuration_changes_nothing(host, wrong_configuration):
    before = host.root.property("MainPID")

    host.root.run("systemctl", "reload", "postward")
    wait_until(host, f"journalctl -q -u postward | grep -qF '{wrong_configuration}'")

    assert host.root.property("MainPID") == before
    assert host.send("wrong-reload").startswith("(250,")


def test_a_start_with_a_wrong_configuration_names_file_and_line(host, wrong_configuration):
    since = host.root.run("date", "+%s").stdout.strip()
    host.root.run("systemctl", "stop", "postward")

    started = host.root.run("systemctl", "start", "postward", check=False)

    assert started.returncode != 0
    assert wrong_configuration in host.root.journal("postward.service", "--since", f"@{since}")
    assert host.root.property("ActiveState") == "failed"
    assert host.root.property("NRestarts") == "0"
    assert host.send("while-away").startswith("(451,")


def test_with_the_fault_mended_it_starts(host):
    host.root.run("systemctl", "start", "postward")

    assert host.send("mended").startswith("(250,")
    assert is_filtered(host.wait_for_one("mended"))


def test_every_command_of_the_page_works_as_it_is_written(host):
    blocks = CONSOLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) > MIN_BLOCKS

    for block in blocks[:-1]:
        if "postward status" in block:
            # A start or a reload is done when new workers serve.
            wait_until(host, "postward status")
        host.root.shell(block)

    assert {"/srv/archive", "/srv/milter"} <= set(host.root.property("ReadWritePaths").replace("-/", "/").split())
    assert host.root.property("SupplementaryGroups") == "redis"
    host.root.run("systemctl", "restart", "postward")
    assert host.send("with-drop-ins").startswith("(250,")
    # The last one takes all back.
    host.root.shell(blocks[-1])
    assert "/srv/archive" not in host.root.property("ReadWritePaths")


def test_purging_leaves_what_is_the_operators_and_the_account(host):
    folder = host.root.root.path("/etc/postward")
    (folder / "keys" / "own.pem").write_text("a key\n")

    host.root.run(*APT, "purge", "postward")

    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    assert left == {"keys/own.pem", "plugins/confined.py", "rules.d/rules.yaml"}
    gone = ("/var/lib/postward", "/run/postward", "/var/spool/postfix/postward", "/usr/share/postward")
    assert [path for path in gone if host.root.run("test", "-e", path, check=False).returncode == 0] == []
    assert host.root.property("LoadState") == "not-found"
    found = host.root.shell("find / -xdev -name '*postward*' -not -path '/var/lib/dpkg/*' -not -path '/root/*'")
    assert [
        path for path in found.splitlines() if not path.startswith(("/etc/postward", "/var/log/", "/var/cache/"))
    ] == []
    assert host.root.run("getent", "passwd", "postward").stdout.startswith("postward:")
