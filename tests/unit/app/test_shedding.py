# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.app.outbound import load_own_keys
from postward.app.reputation import OpenReputation
from postward.app.settings import mta_settings
from postward.app.shedding import open_shedding
from postward.config import load
from postward.model.connection import Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.load import IDLE, Load, SheddingStage
from postward.model.reputation import Correspondence, Known
from postward.model.time_budget import TimeBudget
from postward.model.transaction import Transaction
from postward.observability.logger import EventLog
from postward.reputation.lineage import Lineage


def message_from(client):
    transaction = Transaction("t1", started_s=1_800_000_000.0)
    transaction.connection = Connection(address=ip_address(client))
    transaction.sender = Sender(address=EnvelopeAddress("a@example.com"))
    return transaction


PATIENCE_S = 20.0
FULL = Load(others=1.0, ours=0.0)


class Watcher:
    def shed(self, _stage, _transaction, _sender, _load):
        pass

    def load(self, _load):
        pass


@pytest.fixture
def opened(tmp_path):
    def open_it(text, **parts):
        path = tmp_path / "postward.yaml"
        path.write_text(f"state_dir: {tmp_path}\n{text}", encoding="utf-8")
        config = load(path)
        shedding = open_shedding(config, load_own_keys(config), b"secret", Watcher(), EventLog(), **parts)
        return shedding, mta_settings(config)

    return open_it


@pytest.mark.parametrize("text", ["shedding: {enabled: false}\n", "mode: monitor\n"])
def test_where_it_is_switched_off_or_nothing_is_done_to_mail_there_is_none(opened, text):
    assert opened(text)[0] is None


def test_its_thresholds_and_the_bound_that_they_are_shares_of(opened):
    shedding, mta = opened("message: {max_concurrent: 8}\nshedding: {begin: 0.5, full: 0.6}\n")
    assert mta.max_threads == 8
    transaction = message_from("203.0.113.1")
    assert shedding.refusal(SheddingStage.MAIL, transaction, (), IDLE) is None
    assert shedding.refusal(SheddingStage.MAIL, transaction, (), Load(others=0.6, ours=0.0)) is not None


def test_whose_networks_are_spared(opened):
    shedding, _mta = opened("origin: {local_networks: [192.0.2.0/24]}\n")
    assert shedding.is_ours(message_from("192.0.2.1"))
    assert not shedding.is_ours(message_from("203.0.113.1"))


class Store:
    """Knows that one of our users has written to a friend."""

    def read(self, _identities, correspondences):
        return Known(correspondences=frozenset(correspondences) & {Correspondence("bob@example.net", "a@example.com")})


@pytest.mark.parametrize("are_trusted", [True, False])
def test_a_correspondent_is_known_by_the_reputation_store(opened, are_trusted):
    lineage = Lineage(lambda domain: domain)
    reputation = OpenReputation(stage=None, store=Store(), lineage=lineage, records=None)
    text = f"reputation: {{correspondents: {{enabled: {str(are_trusted).lower()}}}}}\n"
    shedding, _mta = opened(text, reputation=reputation)
    transaction = message_from("203.0.113.1")
    transaction.redis_budget = TimeBudget(PATIENCE_S)
    recipients = (Recipient(address=EnvelopeAddress("Bob@Example.NET")),)
    assert (shedding.refusal(SheddingStage.RCPT, transaction, recipients, FULL) is None) == are_trusted
    shedding.close()
