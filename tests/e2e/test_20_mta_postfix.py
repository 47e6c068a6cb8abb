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
    assert Delivered(detached_host.deliver(genuine(detached_host.world))).fields("Authentication-Results") == []
    lines = _lines(detached_host)
    _postconf(detached_host, "-e", *(f"{name}={value}" for name, value in lines["main"].items()))
    detached_host.postfix.restart()
    for service in ("mx", "chrooted"):
        delivered = Delivered(detached_host.deliver(genuine(detached_host.world), service=service))
        assert delivered.results("dmarc") == ["pass"]


def test_re_injection_services_are_found(detached_host):
    text = json.dumps(_lines(detached_host))
    assert "smtpd_milters=" in text
    assert str(detached_host.postfix.ports.reinject) in text
