# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.action import NOTHING, Plan, Reply
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.origin import Direction
from postward.model.reputation import Correspondence, Evidence
from postward.model.symbol import Finding
from postward.model.verdict import Decision, Verdict
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.weighing import weigh
from tests.unit.pipeline.reputation_host import Host, Mail, authentic

JUNK = Finding("RSPAMD_X", points=12.0)
NO_ANSWER = "Redis did not answer"


@pytest.fixture
def host():
    return Host()


def test_a_run_of_spam_costs_its_sender_and_nobody_else(host):
    host.many(40, lambda: authentic("spam.example", client="203.0.113.9", score=12))
    host.many(40, lambda: authentic("good.example", client="198.51.100.7"))
    bad = host.ask(authentic("spam.example", client="203.0.113.9"))
    assert bad.points["REPUTATION_BAD"] > 2
    assert "40 messages seen, 100 % bad" in bad.reputation.reason
    assert host.ask(authentic("good.example", client="198.51.100.7")).points == {}


def test_reputation_alone_makes_nobody_junk(host):
    host.many(300, lambda: authentic("spam.example", score=50, virus=True))
    mail = host.ask(authentic("spam.example"))
    assert sum(mail.points.values()) == 4
    assert mail.reputation.points == 4
    assert sum(each.score for each in weigh(mail.transaction.facts, DEFAULT_SCALE)) < 5


def test_a_few_bad_messages_cost_nothing(host):
    host.many(3, lambda: authentic("unlucky.example", score=12))
    assert host.ask(authentic("unlucky.example")).points == {}


def test_who_is_not_known_is_neither_punished_nor_trusted_whatever_others_send(host):
    host.many(500, lambda: Mail(client="203.0.113.9", score=12))
    assert host.ask(authentic("new.example", client="198.51.100.7")).points == {}
    assert host.ask(Mail(client="198.51.100.7")).points == {}


def test_what_reputation_has_said_does_not_teach(host):
    def mail():
        return authentic("spam.example", score=5.5)

    host.many(60, lambda: authentic("spam.example", score=12))
    before = host.known("from:spam.example")
    assert host.ask(mail()).points["REPUTATION_BAD"] > 2
    host.many(10, mail)
    after = host.known("from:spam.example")
    # Between suspect and junk by itself: it is counted as seen, and no more.
    assert (after.good, after.bad, after.seen) == (before.good, before.bad, before.seen + 10)


def test_good_mail_of_a_bad_sender_still_teaches_that_it_is_good(host):
    host.many(60, lambda: authentic("spam.example", score=12))
    host.many(5, lambda: authentic("spam.example"))
    assert host.known("from:spam.example").good > 4


@pytest.mark.parametrize("score", [3.5, 4.0, 4.9])
def test_between_suspect_and_junk_a_message_teaches_nothing(host, score):
    host.take(Mail(score=score - 0.2))
    assert host.known("ip:203.0.113.9") == Evidence(seen=1)


# Names that others forge.


def test_a_forged_name_is_neither_harmed_nor_lent(host):
    host.many(300, lambda: Mail(author="ceo@bank.example", score=12))
    assert not [name for name in host.memory.known() if "bank" in name]
    host.memory.days = 60
    host.many(300, lambda: authentic("bank.example", client="198.51.100.7"))
    forged = host.ask(Mail(author="joe@bank.example", client="192.0.2.99"))
    assert forged.points == {}
    assert not [each for each in forged.reputation.identities if "bank" in each.name]


@pytest.mark.parametrize("mechanism", ["all", "+all", "ip4:0.0.0.0/0", "ip6:::/0", "ip4:128.0.0.0/1"])
def test_a_domain_that_lets_everybody_send_is_not_answered_for_by_everybody(host, mechanism):
    mail = authentic("careless.example", score=12, dkim=(), aligned_by=("spf",), mechanism=mechanism)
    host.take(mail)
    assert not [name for name in host.memory.known() if "careless" in name]


def test_a_letter_that_is_sent_again_by_anybody_harms_its_author_once(host):
    def replayed(number):
        return authentic(
            "big.example", spf="spam.example", aligned_by=("dkim:big.example",), score=12, signature="same",
            client=f"203.0.113.{number % 250}",
        )  # fmt: skip

    for number in range(200):
        host.take(replayed(number))
    assert host.known("from:big.example").seen == 1
    assert host.known("dkim:big.example").seen == 1
    assert host.known("org:big.example").seen == 1
    assert host.known("spf:spam.example").seen == 200
    assert host.ask(authentic("big.example", client="198.51.100.7")).points == {}


def test_a_text_put_behind_a_signature_is_not_its_domains(host):
    mail = authentic("list.example", spf="", aligned_by=("dkim:list.example",), score=12)
    mail.transaction.facts.dkim = tuple(
        DkimResult(status=DkimStatus.PASS, domain="list.example", selector="s", unsigned_bytes=100)
        for _ in mail.transaction.facts.dkim
    )
    host.take(mail)
    assert not [name for name in host.memory.known() if "list" in name]


# Those who carry the mail of others.


def test_one_bad_customer_of_a_shared_address_costs_the_others_little(host):
    host.many(200, lambda: authentic("spam.example", score=12))
    host.memory.days = 60
    host.many(200, lambda: authentic("shop.example"))
    assert host.ask(authentic("spam.example")).points["REPUTATION_BAD"] > 2
    assert host.ask(authentic("shop.example")).reputation.points <= 0
    assert host.ask(authentic("newcomer.example")).reputation.points < 0.5


def test_a_mailing_list_is_not_bad_for_breaking_the_signatures_of_others(host):
    def posting():
        mail = Mail(author="joe@strict.example", spf="lists.example", dkim=("lists.example",), dmarc=DmarcStatus.FAIL)
        mail.transaction.facts.dmarc = DmarcResult(
            status=DmarcStatus.FAIL, domain="strict.example", policy="reject", policy_domain="strict.example"
        )
        return mail

    host.many(100, posting)
    assert host.known("ip:203.0.113.9").bad == 0
    assert host.known("dkim:lists.example").bad == 0
    assert not [name for name in host.memory.known() if "strict" in name]


def test_a_host_that_forges_and_names_nobody_is_bad_for_it(host):
    mail = Mail(author="joe@strict.example", dmarc=DmarcStatus.FAIL)
    mail.transaction.facts.dmarc = DmarcResult(status=DmarcStatus.FAIL, domain="strict.example", policy="reject")
    host.take(mail)
    assert host.known("ip:203.0.113.9").bad > 0.5


def test_a_trusted_relay_answers_for_nothing(host):
    relay = ip_address("192.0.2.1")
    host.take(authentic("spam.example", client="203.0.113.9", relayed_by=relay, score=12))
    host.take(authentic("spam.example", client="", spf="", aligned_by=("dkim:spam.example",), relayed_by=relay))
    assert not [name for name in host.memory.known() if "192.0.2" in name]


@pytest.mark.parametrize("client", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fe80::1", "::ffff:127.0.0.1"])
def test_hosts_of_our_own_are_no_clients(host, client):
    host.take(Mail(client=client, score=12))
    assert host.memory.known() == {}


@pytest.mark.parametrize("direction", [Direction.LOOPBACK, Direction.REINJECTED])
def test_what_came_from_this_host_or_comes_back_teaches_nothing(host, direction):
    mail = host.take(authentic("good.example", direction=direction))
    assert mail.reputation is None
    assert host.memory.known() == {}


# Names that somebody would like to have.


def test_a_good_name_cannot_be_bought_in_a_day(host):
    host.memory.days = 1
    host.many(300, lambda: authentic("clever.example"))
    assert host.ask(authentic("clever.example")).reputation.points > -0.3


def test_who_sends_good_mail_for_weeks_gets_some_of_it_back(host):
    host.memory.days = 30
    host.many(400, lambda: authentic("good.example"))
    mail = host.ask(authentic("good.example"))
    assert mail.points["REPUTATION_GOOD"] == -2
    assert "0 % bad" in mail.reputation.reason


def test_a_good_network_lends_nothing_to_a_new_address_in_it(host):
    host.memory.days = 60
    host.many(300, lambda: Mail(client="203.0.113.9"))
    assert host.ask(Mail(client="203.0.113.10")).points == {}


def test_half_bad_is_not_good_where_all_others_are_worse(host):
    host.memory.days = 60
    host.many(600, lambda: Mail(client="198.51.100.9", score=12))
    host.many(100, lambda: Mail(client="203.0.113.9", score=12))
    host.many(100, lambda: Mail(client="203.0.113.9"))
    assert host.ask(Mail(client="203.0.113.9")).reputation.points >= 0


def test_malware_costs_whoever_has_sent_it_and_a_large_provider_not(host):
    host.many(10, lambda: Mail(client="203.0.113.9", virus=True))
    assert host.ask(Mail(client="203.0.113.9")).points["REPUTATION_HARD"] > 1
    host.memory.days = 60
    host.many(1_000, lambda: authentic("big.example", client="198.51.100.7"))
    host.many(4, lambda: authentic("big.example", client="198.51.100.7", virus=True))
    assert "REPUTATION_HARD" not in host.ask(authentic("big.example", client="198.51.100.7")).points


# People whom our users write to.


def outbound(**more):
    given = {
        "direction": Direction.OUTBOUND, "user": "bob@our.example", "sender": "bob@our.example",
        "author": "bob@our.example", "recipients": ("joe@friend.example",), "client": "192.0.2.50",
    }  # fmt: skip
    return Mail(**(given | more))


def test_whom_our_user_has_written_to_is_trusted_for_him(host):
    host.take(outbound())
    assert host.memory.pairs == {Correspondence("bob@our.example", "joe@friend.example")}
    answer = host.ask(authentic("friend.example", recipients=("Bob+shop@our.example",)))
    assert answer.points == {"CORRESPONDENT": -1.5}
    assert answer.reputation.is_correspondent
    assert host.ask(authentic("friend.example", recipients=("eve@our.example",))).points == {}
    both = authentic("friend.example", recipients=("bob@our.example", "eve@our.example"))
    assert not host.ask(both).reputation.is_correspondent


def test_a_forged_friend_is_none(host):
    host.take(outbound())
    assert host.ask(Mail(author="joe@friend.example")).points == {}
    assert host.ask(Mail(author="joe@friend.example", spf="spam.example", dkim=("spam.example",))).points == {}
    two = authentic("friend.example", author="joe@friend.example>, <eve@friend.example")
    assert not host.ask(two).reputation.is_correspondent


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: bulk\r\n",
        "X-Autoreply: yes\r\n",
        "List-Id: <l.our.example>\r\n",
    ],
)
def test_what_a_program_answers_makes_nobody_trusted(host, header):
    host.take(outbound(header=header))
    assert host.memory.pairs == set()


@pytest.mark.parametrize(
    "given",
    [
        {"sender": ""},
        {"user": "", "sender": "bob@our.example"},
        {"virus": True},
        {"direction": Direction.INBOUND},
        {"recipients": ("bob@our.example",)},
    ],
)
def test_nobody_is_trusted_for_what_no_user_has_sent(host, given):
    host.take(outbound(**given))
    assert host.memory.pairs == set()


def test_mail_that_was_refused_makes_nobody_trusted(host):
    host.take(outbound(), plan=Plan(reply=Reply(code=550, enhanced="5.7.1", text="no")))
    assert host.memory.pairs == set()


def test_a_mass_mailing_makes_few_trusted(host):
    host.take(outbound(recipients=tuple(f"u{number}@friend.example" for number in range(500))))
    assert len(host.memory.pairs) == 50


# Our own users.


def test_our_own_users_are_known_and_not_judged(host):
    mail = host.take(outbound(score=12))
    assert host.known("login:bob@our.example").seen == 1
    assert host.known("tenant:our.example").seen == 1
    assert host.known("ip:192.0.2.50") is None
    assert host.known("all") is None
    assert mail.points == {}


def test_a_virus_of_our_own_user_is_his(host):
    mail = outbound(virus=True)
    host.take(mail)
    assert host.known("login:bob@our.example") == Evidence(bad=1, hard=1, seen=1)


# What is not to be learnt, and what cannot be asked.


@pytest.mark.parametrize("outcome", ["aborted", "shed", "failed"])
def test_what_was_not_judged_teaches_nothing(host, outcome):
    host.take(Mail(score=12), outcome=outcome)
    assert host.memory.known() == {}


def test_what_has_to_come_again_teaches_when_it_does(host):
    mail = Mail(score=12)
    host.take(mail, plan=Plan(reply=Reply(code=451, enhanced="4.7.1", text="later")))
    assert host.memory.known() == {}
    host.take(mail)
    assert host.known("ip:203.0.113.9").seen == 1


@pytest.mark.parametrize("verdict", [Verdict.DEFER, Verdict.REJECT])
def test_what_would_have_been_put_off_or_refused_and_passed_in_monitor_mode_teaches(host, verdict):
    mail = Mail(score=12)
    mail.transaction.decision = Decision(verdict=verdict, reason="")
    host.take(mail, plan=NOTHING)
    assert host.known("ip:203.0.113.9").bad > 0.9


def test_what_was_refused_teaches_too(host):
    host.take(Mail(score=12), plan=Plan(reply=Reply(code=550, enhanced="5.7.1", text="no")))
    assert host.known("ip:203.0.113.9").bad > 0.9


def test_when_redis_is_silent_the_message_says_so_and_still_teaches(host):
    host.memory.is_silent = True
    mail = host.take(Mail(score=12))
    assert mail.transaction.facts.not_checked == {"reputation": NO_ANSWER}
    assert mail.reputation is None
    assert host.known("ip:203.0.113.9").seen == 1
