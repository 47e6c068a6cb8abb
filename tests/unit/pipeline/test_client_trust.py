# SPDX-License-Identifier: GPL-3.0-or-later
"""The trust in a client: half where nothing is known, and moved by what is certain of its network and of itself."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record, Standing
from postward.pipeline.client_trust import UNKNOWN_TRUST, TrustModel
from postward.pipeline.shedding_bar import KNOWN_AS_BAD, WELL_KNOWN
from postward.reputation.lineage import Lineage

CLIENT = ip_address("192.0.2.7")
OWN, NETWORK = Identity(IdentityKind.IP, "192.0.2.7"), Identity(IdentityKind.NETWORK, "192.0.2.0/24")


def standing(good, bad):
    return Standing(slow=Record(good=good, bad=bad, hard=0.0, seen=good + bad, first_s=0, last_s=0))


@pytest.fixture
def model():
    return TrustModel(Lineage(lambda domain: domain))


def trust(model, network=None, own=None):
    """What its network and it have sent, as (good, bad)."""
    standings = {EVERYBODY: standing(6_000.0, 4_000.0)}
    standings |= {NETWORK: standing(*network)} if network else {}
    standings |= {OWN: standing(*own)} if own else {}
    return model.trust(CLIENT, standings)


def test_all_of_the_chain_is_read_once(model):
    assert model.identities(CLIENT) == (EVERYBODY, NETWORK, OWN)


def test_of_whom_nothing_is_known_is_trusted_half(model):
    assert model.trust(CLIENT, {}) == trust(model) == UNKNOWN_TRUST


@pytest.mark.parametrize("sent", [(1.0, 0.0), (0.0, 1.0), (50.0, 50.0)])
@pytest.mark.parametrize("everybody", [(6_000.0, 4_000.0), (9_900.0, 100.0)])
def test_little_evidence_or_some_that_speaks_either_way_moves_it_little(model, sent, everybody):
    standings = {EVERYBODY: standing(*everybody), NETWORK: standing(*sent), OWN: standing(*sent)}
    assert model.trust(CLIENT, standings) == pytest.approx(UNKNOWN_TRUST, abs=0.1)


def test_who_has_sent_good_mail_for_long_is_well_known(model):
    few, many = trust(model, (10.0, 0.0), (10.0, 0.0)), trust(model, (100.0, 0.0), (100.0, 0.0))
    assert UNKNOWN_TRUST < few < WELL_KNOWN < many
    assert trust(model, (98.0, 2.0), (98.0, 2.0)) > WELL_KNOWN


def test_who_has_sent_spam_for_long_is_known_as_bad(model):
    few, many = trust(model, (0.0, 10.0), (0.0, 10.0)), trust(model, (0.0, 100.0), (0.0, 100.0))
    assert UNKNOWN_TRUST > few > KNOWN_AS_BAD > many


def test_a_client_is_what_its_network_is_until_it_has_shown_otherwise(model):
    bad_network = (0.0, 500.0)
    assert trust(model, bad_network) == pytest.approx(trust(model, bad_network, (1.0, 0.0)), abs=0.1)
    assert trust(model, bad_network, (1.0, 0.0)) < KNOWN_AS_BAD
    assert trust(model, (50.0, 500.0), (50.0, 0.0)) > UNKNOWN_TRUST
    assert trust(model, (500.0, 0.0)) > WELL_KNOWN


def test_above_an_ipv6_address_are_its_64_and_its_48(model):
    names = [identity.name for identity in model.identities(ip_address("2001:db8:1:2:3::4"))]
    assert names == ["", "2001:db8:1::/48", "2001:db8:1:2::/64", "2001:db8:1:2:3::4"]
