# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from postward.rules.message.views import Client
from postward.rules.stage import Stage
from tests.unit.rules.compiling import condition_faults, holds, mail, when

CLIENT = Client(
    address=ip_address("192.0.2.10"),
    origin=ip_address("203.0.113.9"),
    name="mx.Sender.example",
    helo="HELO.sender.example",
    tls_version="TLSv1.3",
    user="bob@corp.example",
    mechanism="PLAIN",
    daemon_name="submission",
)
MESSAGE = replace(mail("From: a@b.example"), client=CLIENT)
IPV6 = replace(MESSAGE, client=replace(CLIENT, address=ip_address("2001:db8:1::5")))
LISTS = "lists: {nets: [192.0.2.0/24, '2001:db8::/32']}"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{client.ip: {cidr: [192.0.2.0/24]}}", True),
        ("{client.ip: {cidr: [192.0.3.0/24, 198.51.100.0/24]}}", False),
        ("{client.ip: 192.0.2.10}", True),
        ("{client.ip: [192.0.2.10/32]}", True),
        ("{client.ip: {in: [0.0.0.0/0]}}", True),
        ("{client.ip: {not_in: [192.0.2.0/24]}}", False),
        ("{client.ip: {not_in: ['2001:db8::/32'], cidr: 192.0.2.0/25}}", True),
        ("{client.ip: {list: nets}}", True),
        ("{client.ip: {cidr: {list: nets}}}", True),
        ("{none: [{client.ip: {cidr: [192.0.2.0/24, 198.51.100.0/24]}}]}", False),
        ("{client.origin_ip: 203.0.113.0/24}", True),
        ("{client.name: '*.sender.example'}", True),
        ("{client.helo: helo.sender.example}", True),
        ("{client.tls: true}", True),
        ("{client.tls: {in: [TLSv1.2, TLSv1.3]}}", True),
        ("{client.tls: TLSv1.2}", False),
        ("{client.user: bob@corp.example}", True),
        ("{client.user: {exists: true}}", True),
        ("{client.mechanism: plain}", True),
        ("{client.daemon: submission}", True),
    ],
)
def test_the_client(condition, expected):
    assert holds(condition, MESSAGE, extra=LISTS) is expected


def test_networks_of_both_families_stand_in_one_list():
    assert holds("{client.ip: {list: nets}}", IPV6, extra=LISTS)
    assert not holds("{client.ip: {cidr: [192.0.2.0/24, 0.0.0.0/0]}}", IPV6)
    assert holds("{client.ip: {cidr: ['2001:db8:1::/64']}}", IPV6)


def test_no_address_is_in_no_network():
    message = replace(MESSAGE, client=Client())
    assert not holds("{client.ip: 0.0.0.0/0}", message)
    assert holds("{client.ip: {not_in: [0.0.0.0/0]}}", message)
    assert holds("{client.tls: false}", message)
    assert holds("{client.user: {exists: false}}", message)


def test_a_client_is_known_at_once_and_where_it_comes_from_at_the_end():
    assert when("{client.ip: 192.0.2.1}").condition.stage is Stage.CONNECT
    assert when("{client.origin_ip: 192.0.2.1}").condition.stage is Stage.END


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (
            "{client.ip: {cidr: [192.0.2.1/24]}}",
            ("client.ip.cidr[0]: is no network (write the network itself, or the address with /32)"),
        ),
        (
            "{client.ip: {cidr: [mx.example]}}",
            ("client.ip.cidr[0]: is no network (write 192.0.2.0/24, 2001:db8::/32, or one address)"),
        ),
        ("{client.ip: {}}", "client.ip: names no networks (write {cidr: [192.0.2.0/24]})"),
        ("{client.ip: []}", "client.ip: has no values"),
        (
            "{client.ip: {cidr: 10.0.0.0/8, in: 10.0.0.0/8}}",
            ("client.ip.in: only one of cidr, in and list may be here (put the networks into one list)"),
        ),
    ],
)
def test_faults(condition, fault):
    assert condition_faults(condition) == [fault]
