# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked about."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.dns_lists.subject import address_subject, domain_subject
from postward.dns_lists.zone import Subject
from tests.unit.checks.content.letters import suffixes


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "172.31.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.1.2.3", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_nothing_is_asked_about_addresses_that_no_list_can_know(address):
    assert address_subject(Subject.CLIENT, ip_address(address)) is None


@pytest.mark.parametrize(("address", "label"), [("192.0.2.7", "7.2.0.192"), ("::ffff:192.0.2.7", "7.2.0.192")])
def test_an_address_is_asked_about_as_what_it_is(address, label):
    subject = address_subject(Subject.CLIENT, ip_address(address))
    assert subject is not None
    assert (subject.label, subject.is_ipv6) == (label, False)


@pytest.mark.parametrize(
    "host", ["", "[192.0.2.1]", "192.0.2.1", "localhost", "com", "co.uk", "a..example", "-", "x" * 70]
)
def test_nothing_is_asked_about_what_is_no_registered_name(host):
    assert domain_subject(Subject.HELO, host, suffixes().organizational_domain) is None


def test_a_domain_is_known_by_host_and_by_what_was_registered():
    subject = domain_subject(Subject.URL, "WWW.Bücher.Example.co.uk.", suffixes().organizational_domain)
    assert subject is not None
    assert (subject.label, subject.registered) == ("www.xn--bcher-kva.example.co.uk", "example.co.uk")
