# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import dns.message
import dns.query
import dns.rcode
import pytest

from tests.bench.name_server import UnboundServer, unbound_records

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = {
    "example.net": [{"TXT": "v=spf1 -all"}, {"MX": [10, "mx.example.net"]}, {"A": "192.0.2.1"}],
    "s1._domainkey.example.net": [{"TXT": ["v=DKIM1; ", "p=" + "A" * 300]}],
    "1.2.0.192.in-addr.arpa": [{"PTR": "mx.example.net"}],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UnboundServer]:
    with UnboundServer(tmp_path_factory.mktemp("unbound"), ZONE) as server:
        yield server


def ask(server: UnboundServer, name: str, record_type: str) -> dns.message.Message:
    return dns.query.udp(dns.message.make_query(name, record_type), server.address, timeout=5)


def test_records() -> None:
    records = list(unbound_records(ZONE))
    assert records[:3] == [
        'example.net. 3600 IN TXT "v=spf1 -all"',
        "example.net. 3600 IN MX 10 mx.example.net.",
        "example.net. 3600 IN A 192.0.2.1",
    ]
    assert records[4] == "1.2.0.192.in-addr.arpa. 3600 IN PTR mx.example.net."


def test_long_text_is_one_record(server: UnboundServer) -> None:
    (answer,) = ask(server, "s1._domainkey.example.net", "TXT").answer
    assert b"".join(answer[0].strings) == b"v=DKIM1; p=" + b"A" * 300


def test_reverse_names_of_reserved_networks_are_answered(server: UnboundServer) -> None:
    assert ask(server, "1.2.0.192.in-addr.arpa", "PTR").answer[0][0].to_text() == "mx.example.net."


def test_nothing_else_exists(server: UnboundServer) -> None:
    assert ask(server, "example.com", "A").rcode() == dns.rcode.NXDOMAIN
