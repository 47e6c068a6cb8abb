# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import threading

import pytest

from postward.app.diagnose.diagnosis import CheckRequest, diagnose, is_passed
from postward.app.diagnose.finding import Level, error, ok, warning
from postward.errors import ConfigErrors
from tests.dns_fixture import DnsFixture
from tests.signatures import keys

MAIN = """\
compatibility_level = 3.6
queue_directory = {queue}
smtpd_milters = unix:pw/m.sock
non_smtpd_milters = $smtpd_milters
milter_default_action = tempfail
"""


@pytest.fixture
def request_for(open_dir, listener, milter_answer, stranger, own_name):
    """A host on which all is well: Postfix, a socket that a milter answers on, a directory, and a name server."""
    queue = open_dir / "queue"
    for directory in (queue, queue / "pw", open_dir / "state", open_dir / "postfix"):
        directory.mkdir()
    listener(queue / "pw" / "m.sock", milter_answer).chmod(0o666)
    (open_dir / "postfix" / "main.cf").write_text(MAIN.format(queue=queue))
    (open_dir / "postfix" / "master.cf").write_text("smtp inet n - y - - smtpd\n")
    # Postfix waits until a file that was just written is two seconds old.
    for file in (open_dir / "postfix").iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))

    def make(dns_server: str, extra: str = "") -> CheckRequest:
        config = open_dir / "postward.yaml"
        config.write_text(
            f"listen: unix:{queue}/pw/m.sock\nstate_dir: {open_dir}/state\nauthserv_id: mx.example.com\n"
            f"dns: {{servers: ['{dns_server}']}}\n{extra}"
        )
        return CheckRequest(
            config=config, mta_user=stranger.name, service_user=own_name, postconf_dir=open_dir / "postfix"
        )

    return make


def test_a_host_on_which_all_is_well(request_for):
    with DnsFixture({"example.com": [{"TXT": "v=spf1 -all"}]}) as server:
        findings = diagnose(request_for(server.address))
    assert [finding.check for finding in findings] == [
        "config",
        "config.permissions",
        "state_dir",
        "message.spool_dir",
        "signing.keys",
        "return_path",
        "socket",
        "postfix",
        "authserv_id",
        "dns",
        "redis",
    ]
    assert [finding.message for finding in findings if finding.level is not Level.OK] == []
    assert is_passed(findings, strict=True)


def test_the_resolver_of_the_workers_is_asked(request_for):
    with DnsFixture({"example.com": "SERVFAIL"}) as server:
        findings = diagnose(request_for(server.address, "redis: {url: 'redis://127.0.0.1:1'}\n"))
        assert {query.name for query in server.queries} == {"example.com"}
    assert [finding.check for finding in findings if finding.level is Level.ERROR] == ["dns", "redis"]
    assert not is_passed(findings, strict=False)


def test_the_keys_are_compared_with_dns(request_for, open_dir):
    path = open_dir / "key.pem"
    path.write_bytes(keys.pem("rsa2048"))
    path.chmod(0o600)
    extra = f"signing: {{keys: [{{domain: example.com, selector: sel, file: {path}}}]}}\n"
    zone = {"example.com": [{"A": "192.0.2.1"}], "sel._domainkey.example.com": [{"TXT": keys.record("rsa2048-other")}]}
    with DnsFixture(zone) as server:
        findings = diagnose(request_for(server.address, extra))
    (fault,) = [finding for finding in findings if finding.level is Level.ERROR]
    assert (fault.check, "another key is published there" in fault.message) == ("signing.dns", True)


def test_the_configuration_alone_is_read(request_for):
    request = request_for("192.0.2.1")
    threads = threading.active_count()
    only = CheckRequest(config=request.config, config_only=True)
    assert [finding.check for finding in diagnose(only)] == ["config"]
    assert threading.active_count() == threads


def test_a_broken_postfix_is_a_finding(request_for, open_dir):
    (open_dir / "postfix" / "main.cf").unlink()
    with DnsFixture({"example.com": [{"A": "192.0.2.1"}]}) as server:
        findings = diagnose(request_for(server.address))
    (broken,) = [finding for finding in findings if finding.level is Level.ERROR]
    assert broken.check == "postfix"
    assert "main.cf: No such file" in broken.message


def test_a_wrong_configuration_ends_it(request_for):
    request = request_for("192.0.2.1", "scoring: {weights: {NO_SUCH_SYMBOL: 1}}\nspf: {enable: no}\n")
    with pytest.raises(ConfigErrors) as caught:
        diagnose(request)
    assert [error.key for error in caught.value.errors] == ["scoring.weights.NO_SUCH_SYMBOL", "spf.enable"]


def test_what_passes():
    assert is_passed((ok("a", "b"), warning("a", "b")), strict=False)
    assert not is_passed((ok("a", "b"), warning("a", "b")), strict=True)
    assert not is_passed((ok("a", "b"), error("a", "b")), strict=False)
