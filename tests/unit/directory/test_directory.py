# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.directory.directory import Directory
from postward.directory.entry import Known
from postward.directory.table import Table
from tests.unit.directory.records import EXAMPLE_COM, EXAMPLE_ORG, SILENT


@pytest.fixture
def directory():
    return Directory([Table([EXAMPLE_COM, EXAMPLE_ORG, SILENT])])


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("alice@example.com", Known.YES),
        ("ALICE@EXAMPLE.COM.", Known.YES),
        ('"alice"@example.com', Known.YES),
        ("alice+tag+more@example.com", Known.YES),
        ("literal+tag@example.com", Known.YES),
        ("literal+other@example.com", Known.NO),
        ("+tag@example.com", Known.NO),
        ("sales@example.com", Known.YES),
        ("support@example.com", Known.YES),
        ("postmaster@example.com", Known.YES),
        ("Postmaster+x@example.com", Known.YES),
        ("mallory@example.com", Known.NO),
        ("alice bob@example.com", Known.NO),
        ("alice\x00@example.com", Known.NO),
        ("al\udcffice@example.com", Known.NO),
        ("a" * 100_000 + "@example.com", Known.NO),
        ("@example.com", Known.NO),
        ("alice@sub.example.com", Known.NOT_HOSTED),
        ("anybody@example.org", Known.YES),
        ("anybody@silent.example", Known.NOT_HOSTED),
        ("alice", Known.NOT_HOSTED),
        ("", Known.NOT_HOSTED),
        ("alice@", Known.NOT_HOSTED),
        ("alice@\udcff.example", Known.NOT_HOSTED),
        ("alice@" + "a." * 5_000, Known.NOT_HOSTED),
    ],
)
def test_recipients(directory, address, known):
    assert directory.recipient(address) is known
    assert directory.recall_recipient(address) is known


@pytest.mark.parametrize(
    "login", ["", " ", "mallory", "@example.com", "alice@", "al\x00ice", "a" * 1_000, "a@\udcff.x"]
)
def test_logins_that_nobody_has(directory, login):
    assert directory.sender(login, None) is None
    assert directory.recall_sender(login, None) is None


@pytest.mark.parametrize(
    ("client", "identity"),
    [
        ("192.0.2.1", "192.0.2.0/24"),
        ("192.0.2.129", "192.0.2.128/25"),
        ("::ffff:192.0.2.129", "192.0.2.128/25"),
        ("2001:db8::1", "2001:db8::/32"),
    ],
)
def test_the_narrowest_network_wins(directory, client, identity):
    assert directory.sender("", ip_address(client)).identity == identity


def test_a_client_of_no_network_has_no_entry(directory):
    assert directory.sender("", ip_address("198.51.100.1")) is None


def test_a_login_is_judged_by_itself_and_not_by_its_network(directory):
    assert directory.sender("mallory", ip_address("192.0.2.1")) is None
