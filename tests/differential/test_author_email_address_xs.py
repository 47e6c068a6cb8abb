# SPDX-License-Identifier: GPL-3.0-or-later
"""Author domains against Email::Address::XS, a strict reader of RFC 5322 (Debian: libemail-address-xs-perl)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from postward.authn.dmarc.author import author_domains
from postward.authn.dmarc.mailboxes import mail_domain
from postward.dns.zone import ZoneLookup
from postward.model.dmarc import FromProblem
from tests.differential.exchange import Peer
from tests.differential.from_cases import FromMaker

CASES = 1500
NO_DNS = ZoneLookup({})


@pytest.fixture(scope="module")
def peer():
    with Peer("perl", str(Path(__file__).parent / "email_address_xs" / "peer.pl")) as process:
        yield process


def domains(hosts):
    return {mail_domain(host) or host for host in hosts}


def test_well_formed_fields_are_read_alike(peer):
    for seed in range(CASES):
        value = FromMaker(Random(seed)).field()
        theirs = peer.evaluate({"value": value}, NO_DNS)
        assert theirs["valid"], (seed, value, theirs)
        ours = author_domains([value.encode()])
        assert set(ours.domains) == domains(theirs["hosts"]), (seed, value)
        assert ours.problem == (FromProblem.MULTIPLE_DOMAINS if len(ours.domains) > 1 else None), (seed, value)


def test_no_field_has_another_author_than_a_strict_reader_finds(peer):
    """We refuse more (a gap within a domain, a literal, a control character), and never see somebody else."""
    agreed = 0
    for seed in range(CASES):
        value = FromMaker(Random(seed), oddity=0.1).field()
        theirs = peer.evaluate({"value": value}, NO_DNS)
        ours = author_domains([value.encode()])
        if theirs["valid"] and ours.problem is not FromProblem.UNPARSABLE:
            assert set(ours.domains) == domains(theirs["hosts"]), (seed, value, theirs)
            agreed += 1
    assert agreed > CASES // 4
