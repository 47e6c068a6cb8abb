# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.mime.stored_message import take_message
from postward.model.connection import Authentication
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.origin import Direction, Origin
from postward.model.override import ArcOverride
from postward.model.sender_rights import Permission, SenderRights
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Transaction
from postward.reputation.identities import identities_of
from postward.reputation.lineage import Lineage


def registered(name):
    return ".".join(name.split(".")[-2:])


class Systems:
    def find(self, _address):
        return 64_500


def message(
    *, client="192.0.2.7", helo="", name="", sender="joe@example.com", author="joe@example.com", spf="", dkim=(),
    dmarc=DmarcStatus.NONE, aligned_by=(), direction=Direction.INBOUND, user="", rights=None, arc=False,
    to=("bob@our.example",),
):  # fmt: skip
    transaction = Transaction("t", started_s=0)
    transaction.sender = Sender(address=EnvelopeAddress(sender))
    transaction.recipients += [Recipient(address=EnvelopeAddress(each)) for each in to]
    transaction.authentication = Authentication(user=user)
    transaction.origin = Origin(
        direction=direction, reason="", client=ip_address(client) if client else None, helo=helo
    )
    facts = transaction.facts
    if spf:
        facts.spf = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain=spf, identity="", mechanism="mx")
    facts.dkim = tuple(DkimResult(status=DkimStatus.PASS, domain=each, selector="s") for each in dkim)
    facts.dmarc = DmarcResult(status=dmarc, domain=author.rpartition("@")[2], aligned_by=aligned_by)
    if name:
        facts.iprev = IprevResult(status=IprevStatus.PASS, name=name)
    if arc:
        facts.arc_override = ArcOverride(sealer="list.example", instance=1, aligned_by=("dmarc",))
    if rights is not None:
        facts.sender_rights = SenderRights(envelope=rights, header_from=rights)
    take_message(transaction, f"From: <{author}>\r\n\r\n".encode())
    return transaction


def found(**given):
    return identities_of(message(**given), Lineage(registered, Systems()))


def shares(**given):
    return {str(subject.identity): subject.share for subject in found(**given).subjects}


PROVEN = {
    "spf": "example.com", "dkim": ("example.com",), "dmarc": DmarcStatus.PASS,
    "aligned_by": ("spf", "dkim:example.com"),
}  # fmt: skip


def test_a_message_that_is_proven_threefold():
    assert shares(**PROVEN, helo="mx.example.com", name="MX.Example.com") == {
        "all": 1, "asn:64500": 0.3, "net:192.0.2.0/24": 0.3, "ip:192.0.2.7": 0.3, "helo:mx.example.com": 0.3,
        "org:example.com": 1, "spf:example.com": 1, "dkim:example.com": 1, "from:example.com": 1,
        "pair:joe@example.com/192.0.2.7": 1,
    }  # fmt: skip


def test_of_a_message_that_proves_nothing_the_host_alone_is_known():
    assert shares(helo="mx.example.com") == {"all": 1, "asn:64500": 1, "net:192.0.2.0/24": 1, "ip:192.0.2.7": 1}


@pytest.mark.parametrize(("helo", "name"), [("mx.example.com", "other.example.com"), ("[192.0.2.7]", "mx.example.com")])
def test_a_helo_name_has_to_be_that_of_the_address(helo, name):
    assert not [each for each in shares(helo=helo, name=name) if each.startswith("helo")]


def test_a_helo_name_whose_address_has_another_name_is_nobodys():
    transaction = message(helo="mx.example.com")
    transaction.facts.iprev = IprevResult(status=IprevStatus.FAIL, name="mx.example.com")
    names = [str(each) for each in identities_of(transaction, Lineage(registered)).identities]
    assert not [each for each in names if each.startswith("helo")]


def test_one_proof_of_two_teaches_half():
    by_spf = shares(spf="example.com", dmarc=DmarcStatus.PASS, aligned_by=("spf",))
    assert (by_spf["from:example.com"], by_spf["pair:joe@example.com/192.0.2.7"]) == (0.5, 0.5)
    by_dkim = shares(spf="esp.example", dkim=("example.com",), dmarc=DmarcStatus.PASS, aligned_by=("dkim:example.com",))
    assert (by_dkim["from:example.com"], by_dkim["spf:esp.example"], by_dkim["org:esp.example"]) == (0.5, 0.3, 0.3)


def test_whoever_only_carries_answers_in_full_where_nobody_else_does():
    alone = shares(sender="x@spam.example", spf="spam.example", author="ceo@bank.example")
    assert (alone["spf:spam.example"], alone["ip:192.0.2.7"], alone["pair:x@spam.example/192.0.2.7"]) == (1, 1, 1)
    assert not [each for each in alone if "bank" in each]


def test_a_trusted_sealer_answers_for_the_author():
    assert shares(arc=True, dkim=("list.example",), dmarc=DmarcStatus.FAIL)["ip:192.0.2.7"] == 0.3


def test_what_dkim_alone_proves_can_be_sent_again():
    subjects = found(dkim=("example.com",), dmarc=DmarcStatus.PASS, aligned_by=("dkim:example.com",)).subjects
    with_signature = {str(each.identity) for each in subjects if each.signature}
    assert with_signature == {
        "org:example.com", "dkim:example.com", "from:example.com", "pair:joe@example.com/192.0.2.7",
    }  # fmt: skip
    assert not [each for each in found(**PROVEN).subjects if each.signature]


@pytest.mark.parametrize(
    "sender",
    [
        "bounce-joe=our.example@list.example", "prvs=1234abcd=joe@list.example", "bounce1234567@list.example",
        "SRS0=ab=xy=a.example=joe@list.example", "", "joe\x00@list.example",
    ],
)  # fmt: skip
def test_return_paths_for_one_message_make_no_pairs(sender):
    given = shares(sender=sender, spf="list.example", author="ceo@bank.example")
    assert not [each for each in given if each.startswith("pair")]


def test_a_tag_does_not_make_another_person():
    given = shares(sender="Joe+news@list.example", spf="list.example", author="ceo@bank.example")
    assert "pair:joe@list.example/192.0.2.7" in given


def test_an_author_beside_whom_there_is_another_is_not_certain():
    transaction = message(**PROVEN, author="joe@example.com>, Eve <eve@example.com")
    transaction.facts.dmarc = DmarcResult(
        status=DmarcStatus.PASS, domain="example.com", aligned_by=("spf", "dkim:example.com")
    )
    result = identities_of(transaction, Lineage(registered))
    assert result.correspondences == ()
    assert not [each for each in result.identities if each.kind == "pair"]


@pytest.mark.parametrize("client", ["", "127.0.0.1", "10.0.0.1", "172.31.0.1", "100.64.0.1", "fd00::1", "fe80::1"])
def test_a_client_without_a_name_in_the_net_leaves_what_is_proven(client):
    assert set(shares(**PROVEN, client=client)) == {
        "all", "org:example.com", "spf:example.com", "dkim:example.com", "from:example.com",
    }  # fmt: skip


def test_an_ipv4_address_in_ipv6_is_that_address():
    assert "ip:192.0.2.7" in shares(client="::ffff:192.0.2.7")


def test_every_identity_comes_once_and_everybody_first():
    names = [str(each) for each in found(**PROVEN, helo="example.com", name="example.com").identities]
    assert names[0] == "all"
    assert len(names) == len(set(names))


def test_our_own_users():
    own = {"direction": Direction.OUTBOUND, "user": "Joe@Our.Example"}
    assert shares(**own) == {"all": 0, "login:joe@our.example": 1, "tenant:our.example": 1}
    allowed = {"user": "joe", "sender": "joe@our.example", "rights": Permission.ALLOWED}
    assert shares(**own | allowed) == {"all": 0, "login:joe": 1, "tenant:our.example": 1}
    assert shares(**own | allowed | {"rights": Permission.DENIED}) == {"all": 0, "login:joe": 1}
    assert shares(**own | {"user": "joe\r\nx"}) == {}


@pytest.mark.parametrize("direction", [Direction.LOOPBACK, Direction.REINJECTED])
def test_what_came_from_this_host_is_nobodys(direction):
    assert found(**PROVEN, direction=direction).subjects == ()


@pytest.mark.parametrize(
    "text", ["x" * 65_000, "a b{c}\x00.example", "xn--\udcff.example", "." * 500, "münchen.example"]
)
def test_hostile_names_do_no_harm(text):
    assert found(**PROVEN, helo=text, name=text, sender=f"{text}@{text}").subjects
