"""The trust in a client: what is known of it, else of its network, else half."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.estimate import Estimate, Level
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record, Standing
from postward.pipeline.client_trust import UNKNOWN_TRUST, TrustModel

CLIENT = ip_address("192.0.2.7")
OWN, NETWORK = Identity(IdentityKind.IP, "192.0.2.7"), Identity(IdentityKind.NETWORK, "192.0.2.0/24")


class Chains:
    def chain(self, identity):
        below = {IdentityKind.IP: (NETWORK, identity), IdentityKind.NETWORK: (identity,)}
        return (EVERYBODY, *below[identity.kind])


def estimate(chain):
    """Take the last one's share of bad mail for what is certain, as far as it has been seen."""
    identity, record = chain[-1]
    seen = record.weight if record is not None else 0.0
    lower = record.bad / seen if record is not None and seen else 0.0
    level = Level(identity=identity, record=record, prior=0.2, strength=8.0, mean=lower)
    return Estimate(identity=identity, mean=lower, lower=lower, confidence=seen / (seen + 8.0), levels=(level,))


def standing(good, bad):
    return Standing(slow=Record(good=good, bad=bad, hard=0.0, seen=good + bad, first_s=0, last_s=0))


@pytest.fixture
def model():
    return TrustModel(Chains(), estimate)


def test_all_of_the_chain_is_read_once(model):
    assert model.identities(CLIENT) == (EVERYBODY, NETWORK, OWN)


@pytest.mark.parametrize(
    ("standings", "trust"),
    [
        ({}, UNKNOWN_TRUST),
        ({OWN: standing(992.0, 0.0)}, 0.996),
        ({OWN: standing(0.0, 992.0)}, 0.004),
        ({OWN: standing(1.0, 0.0)}, 0.5555),
        ({NETWORK: standing(0.0, 992.0)}, 0.004),
        ({NETWORK: standing(0.0, 992.0), OWN: standing(992.0, 0.0)}, 0.992),
    ],
)
def test_evidence_counts_as_far_as_there_is_any(model, standings, trust):
    assert model.trust(CLIENT, standings) == pytest.approx(trust, abs=1e-3)


def test_the_network_of_an_ipv6_address_is_its_64():
    asked = []

    class Recording(Chains):
        def chain(self, identity):
            asked.append(identity.name)
            return (EVERYBODY, identity)

    TrustModel(Recording(), estimate).trust(ip_address("2001:db8:1:2:3::4"), {})
    assert asked == ["2001:db8:1:2::/64", "2001:db8:1:2:3::4"]
