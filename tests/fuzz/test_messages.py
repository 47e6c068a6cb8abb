# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole messages, header lists, envelopes, macros and DNS answers, through every check at once."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from itertools import product

import pytest
import yaml
from hypothesis import strategies as st

from postward.app.compose import make_pipeline
from postward.app.outbound import load_own_keys
from postward.app.scanning import ScanRequest, scan_message, scanned_message
from postward.checks.pass_mark import PassMark
from postward.config import load
from postward.directory.directory import Directory
from postward.model.body import Body
from postward.model.connection import NOT_AUTHENTICATED, Connection
from postward.model.envelope import Recipient, Sender
from postward.model.transaction import Transaction
from postward.mta.negotiation import Negotiated, agree
from postward.mta.recording import authentication_of, connection_of, connection_told, field_of, macro, path_of, text
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import FIELDS, LINE, LINE_OCTETS, MESSAGES, OCTETS, OURS
from tests.fuzz.hostile_dns import HostileDns
from tests.fuzz.invariants import check_transaction

NOW_S = 1.7e9
EVERYTHING = agree(0x1FF, 0x1FFFFF)
AGREEMENTS = [agree(actions, steps) for actions, steps in product((0, 0x1FF), (0, 0x1FFFFF))]
CLIENTS = st.one_of(st.ip_addresses(), st.sampled_from([ip_address("127.0.0.1"), ip_address("10.0.0.1")]))
SETTINGS = {
    "authserv_id": OURS,
    "spf": {"received_spf": True},
    "dmarc": {"on_reject": "quarantine"},
    "arc": {"trusted_sealers": ["evil.example"]},
    "origin": {"trusted_relays": ["10.0.0.0/8"]},
    "output": {"remove_subdomain_results": True},
}


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    path = tmp_path_factory.mktemp("messages") / "postward.yaml"
    path.write_text(yaml.safe_dump(SETTINGS))
    mark = PassMark(b"secret", clock=lambda: NOW_S)
    config = load(path)
    return make_pipeline(config, load_own_keys(config), Directory(), mark=mark, wall_clock=lambda: NOW_S)


REQUESTS = st.builds(
    ScanRequest,
    address=st.none() | CLIENTS,
    helo=LINE,
    mail_from=LINE,
    recipients=st.lists(LINE, max_size=2).map(tuple),
)


@fuzz(content=MESSAGES, request=REQUESTS, data=st.data())
def test_whole_messages(pipeline, content, request, data):
    transaction = scan_message(content, request, pipeline, HostileDns(data).lookup(), now_s=NOW_S)
    check_transaction(transaction, pipeline, EVERYTHING)
    delivered = scanned_message(transaction)
    # What was not removed is delivered as it came, octet by octet.
    assert delivered.endswith(bytes(transaction.body))


class Macros:
    """What an MTA says; pymilter raises where that is not UTF-8."""

    def __init__(self, values: dict[str, bytes]) -> None:
        self._values = values

    def getsymval(self, name: str) -> str | None:
        value = self._values.get(name)
        return None if value is None else value.decode()


MACRO_NAMES = [
    "i",
    "j",
    "{client_addr}",
    "{daemon_name}",
    "{daemon_addr}",
    "{auth_authen}",
    "{auth_type}",
    "{tls_version}",
]
MACRO_VALUES = st.one_of(
    LINE_OCTETS, st.sampled_from([b"IPv6:::1", b"192.0.2.1", b"IPv6:fe80::1%eth0", b"127.0.0.1", b"ORIGINATING"])
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What an MTA says of one message."""

    name: bytes
    helo: bytes
    paths: list[bytes]
    fields: list[tuple[bytes, bytes]]
    body: list[bytes]
    macros: dict[str, bytes]
    peer: tuple[int, object]
    """Family and address as pymilter gives them."""


PEERS = st.one_of(st.none(), LINE, st.tuples(st.one_of(LINE, CLIENTS.map(str)), st.integers(0, 65_535)))
SESSIONS = st.builds(
    Session,
    name=LINE_OCTETS,
    helo=LINE_OCTETS,
    paths=st.lists(LINE_OCTETS, min_size=1, max_size=4),
    fields=st.lists(FIELDS, max_size=8),
    body=st.lists(OCTETS, max_size=3),
    macros=st.dictionaries(st.sampled_from(MACRO_NAMES), MACRO_VALUES),
    peer=st.tuples(st.integers(0, 12), PEERS),
)


@fuzz(session=SESSIONS, negotiated=st.sampled_from(AGREEMENTS), data=st.data())
def test_what_an_mta_may_say(pipeline, session, negotiated, data):
    ctx = Macros(session.macros)
    transaction = Transaction("1", started_s=NOW_S, body=Body())
    transaction.connection = connection_of(ctx, text(session.name), *session.peer)
    transaction.authentication = authentication_of(ctx)
    transaction.helo = text(session.helo)
    transaction.sender = Sender(address=path_of(session.paths[0]), arguments=tuple(map(text, session.paths[1:])))
    transaction.recipients.extend(Recipient(address=path_of(path)) for path in session.paths[1:])
    transaction.fields.extend(
        field_of(name, value, keeps_leading_space=negotiated.keeps_leading_space) for name, value in session.fields
    )
    for piece in session.body:
        transaction.body.append(piece)
    transaction.queue_id = macro(ctx, "i")
    assert isinstance(connection_told(ctx), Connection)
    pipeline.evaluate(transaction, HostileDns(data).lookup())
    check_transaction(transaction, pipeline, negotiated)


def test_nothing_at_all(pipeline):
    transaction = Transaction("1", started_s=NOW_S)
    transaction.connection = Connection(address=None)
    transaction.authentication = NOT_AUTHENTICATED
    transaction.sender = Sender(address=path_of(b""))
    pipeline.evaluate(transaction, lambda *_: pytest.fail("nothing to ask"))
    check_transaction(transaction, pipeline, Negotiated(actions=0, steps=0))
