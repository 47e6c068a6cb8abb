# SPDX-License-Identifier: GPL-3.0-or-later
"""The resolver against a recursive server that is not ours, and that server against the DNS fixture."""

from __future__ import annotations

import shutil
import subprocess
from ipaddress import IPv4Address, IPv6Address

import pytest

from postward.dns.answer import Mx, Outcome, RecordType
from postward.dns.existence import exists
from tests.dns_fixture import DnsFixture
from tests.mailhost.loopback import free_ports

WAIT_S = 20.0
LONG = b"v=DKIM1; p=" + b"A" * 3000
FORWARDED = {
    "example.com": [{"TXT": ["v=spf1", " -all"]}, {"A": "192.0.2.1"}, {"MX": [10, "mx.example.com"]}],
    "alias.example.com": [{"CNAME": "text.example.com"}],
    "text.example.com": [{"TXT": b"\x80\xff\x00"}],
    "dangling.example.com": [{"CNAME": "nowhere.example.com"}],
    "loop.example.com": [{"CNAME": "pool.example.com"}],
    "pool.example.com": [{"CNAME": "loop.example.com"}],
    "sick.example.com": "SERVFAIL",
    "o+dd name.example.com": [{"A": "192.0.2.9"}],
    "big.example.com": [{"TXT": "x" * 20_000}],
}
LOCAL = """
local-zone: "test." static
local-data: "a.test. 111 IN A 192.0.2.7"
local-data: "a.test. 111 IN AAAA 2001:db8::7"
local-data: "a.test. 111 IN MX 5 mail.a.test."
local-data: "a.test. 111 IN MX 0 ."
local-data: 'k._domainkey.a.test. 222 IN TXT {strings}'
local-data: "7.2.0.192.in-addr.test. 333 IN PTR Host.A.test."
"""
CONFIGURATION = """
server:
do-daemonize: no
username: ""
chroot: ""
pidfile: ""
directory: "{directory}"
use-syslog: no
verbosity: 1
num-threads: 1
interface: 127.0.0.1@{port}
do-ip6: no
do-not-query-localhost: no
module-config: "iterator"
{local}
forward-zone:
name: "."
forward-addr: {forward}
"""


@pytest.fixture(scope="module")
def unbound(tmp_path_factory):
    """Start unbound with some zones of its own, which for all else asks the fixture; give its address."""
    directory = tmp_path_factory.mktemp("unbound")
    (port,) = free_ports(1)
    local = LOCAL.format(strings=" ".join(f'"{LONG[at : at + 255].decode()}"' for at in range(0, len(LONG), 255)))
    # sbin is not on every PATH.
    program = shutil.which("unbound") or "/usr/sbin/unbound"
    with DnsFixture(FORWARDED) as fixture:
        forward = fixture.address.replace(":", "@")
        configuration = CONFIGURATION.format(directory=directory, port=port, local=local, forward=forward)
        (directory / "unbound.conf").write_text(configuration, encoding="ascii")
        command = [program, "-d", "-p", "-c", str(directory / "unbound.conf")]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                if "start of service" in line:
                    break
            else:
                pytest.fail("unbound did not start")
            yield f"127.0.0.1:{port}"
            process.terminate()
            process.stderr.read()


@pytest.fixture
def resolver(unbound, make_resolver):
    return make_resolver(unbound, timeout_s=WAIT_S)


@pytest.mark.parametrize(
    ("name", "record_type", "records"),
    [
        ("a.test", "A", {IPv4Address("192.0.2.7")}),
        ("a.test", "AAAA", {IPv6Address("2001:db8::7")}),
        ("a.test", "MX", {Mx(5, "mail.a.test"), Mx(0, "")}),
        ("k._domainkey.a.test", "TXT", {LONG}),
        ("7.2.0.192.in-addr.test", "PTR", {"host.a.test"}),
        ("Example.COM", "TXT", {b"v=spf1 -all"}),
        ("example.com", "MX", {Mx(10, "mx.example.com")}),
        ("alias.example.com", "TXT", {b"\x80\xff\x00"}),
        ("alias.example.com", "CNAME", {"text.example.com"}),
        ("o+dd name.example.com", "A", {IPv4Address("192.0.2.9")}),
        ("big.example.com", "TXT", {b"x" * 20_000}),
    ],
)
def test_records(resolver, name, record_type, records):
    answer = resolver.resolve(name, RecordType(record_type), WAIT_S)
    assert answer.outcome is Outcome.OK
    assert set(answer.records) == records
    assert answer.ttl_s > 0


def test_a_time_to_live_is_that_of_the_record(resolver):
    assert resolver.resolve("k._domainkey.a.test", RecordType.TXT, WAIT_S).ttl_s == 222
    assert resolver.resolve("a.test", RecordType.A, WAIT_S).ttl_s == 111


@pytest.mark.parametrize(
    ("name", "record_type", "outcome"),
    [
        ("absent.test", "A", Outcome.NXDOMAIN),
        ("a.test", "TXT", Outcome.NODATA),
        ("_domainkey.a.test", "A", Outcome.NODATA),
        ("absent.example.com", "A", Outcome.NXDOMAIN),
        ("ab+sent.example.com", "A", Outcome.NXDOMAIN),
        ("example.com", "AAAA", Outcome.NODATA),
        ("alias.example.com", "MX", Outcome.NODATA),
        ("sick.example.com", "A", Outcome.SERVFAIL),
        ("loop.example.com", "A", Outcome.SERVFAIL),
    ],
)
def test_the_kinds_of_nothing(resolver, name, record_type, outcome):
    assert resolver.resolve(name, RecordType(record_type), WAIT_S).outcome is outcome


def test_a_cname_to_nowhere_exists(resolver):
    def lookup(name, record_type):
        return resolver.resolve(name, record_type, WAIT_S)

    assert exists(lookup, "dangling.example.com") is True
    assert exists(lookup, "nowhere.example.com") is False
