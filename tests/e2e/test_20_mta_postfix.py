# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that ``postward mta postfix`` prints really attach Postward to Postfix."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import genuine


@pytest.fixture(scope="module")
def detached_host():
    """Postward runs, and Postfix knows nothing of it."""
    with MailHost(milters="") as running:
        yield running


def _postconf(host, *arguments):
    subprocess.run(["postconf", "-c", str(host.postfix.config), *arguments], check=True)


def _lines(host):
    done = host.postward.run(
        "mta", "postfix", "--json", "--config", str(host.postward.configuration),
        "--postconf-dir", str(host.postfix.config),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_printed_lines_attach_the_filter(detached_host):
    letter = genuine(detached_host.world)
    assert Delivered(detached_host.deliver(letter)).fields("Authentication-Results") == []
    lines = _lines(detached_host)
    _postconf(detached_host, "-e", *(f"{line['name']}={line['value']}" for line in lines["main"]))
    for line in lines["master"]:
        _postconf(detached_host, "-P", f"{line['service']}/{line['name']}={line['value']}")
    detached_host.postfix.restart()
    for service in ("mx", "chrooted", "filtered", "unjudged"):
        delivered = Delivered(detached_host.deliver(letter, service=service))
        assert delivered.results("dmarc") == ["pass"], service
    assert _lines(detached_host)["main"] == [{**line, "present": line["value"]} for line in lines["main"]]


def test_re_injection_services_are_found(detached_host):
    bare = {line["service"] for line in _lines(detached_host)["master"] if line["name"] == "smtpd_milters"}
    assert f"127.0.0.1:{detached_host.postfix.ports.reinject}/inet" in bare
    assert f"127.0.0.1:{detached_host.postfix.ports.mx}/inet" not in bare
