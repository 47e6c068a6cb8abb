# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record
from postward.reputation.estimate import FAIR, estimate
from postward.reputation.fusion import contributions, fuse, hard_points

DAY_S = 86_400


def known(kind, *, good=0.0, bad=0.0, hard=0.0, days=60.0):
    record = Record(good=good, bad=bad, hard=hard, seen=good + bad, first_s=0, last_s=int(days * DAY_S))
    return kind, estimate([(EVERYBODY, None), (Identity(kind, "x"), record)])


def unknown(kind):
    return kind, estimate([(EVERYBODY, None), (Identity(kind, "x"), None)])


def log_odds(*estimates, prior=FAIR):
    return fuse(contributions(dict(estimates), prior))


IP, PAIR, AUTHOR, DKIM, SPF = (
    IdentityKind.IP,
    IdentityKind.PAIR,
    IdentityKind.AUTHOR_DOMAIN,
    IdentityKind.DKIM_DOMAIN,
    IdentityKind.SPF_DOMAIN,
)


def test_of_the_unknown_nothing_is_said():
    assert log_odds(unknown(IP), unknown(AUTHOR), unknown(PAIR)) == 0
    assert log_odds() == 0


def test_bad_mail_speaks_against_and_good_mail_for():
    assert log_odds(known(IP, bad=50)) > 1
    assert log_odds(known(IP, good=200)) < -1


def test_nothing_counts_beyond_a_bound():
    assert log_odds(known(IP, bad=1e6), known(AUTHOR, bad=1e6), known(PAIR, bad=1e6)) == 4
    assert log_odds(known(IP, good=1e6), known(AUTHOR, good=1e6), known(PAIR, good=1e6)) == -4


def test_an_address_counts_less_where_a_domain_is_proven():
    bad = known(IP, bad=30)
    assert 0 < log_odds(bad, unknown(DKIM)) == pytest.approx(log_odds(bad) * 0.3 / 0.7)


def test_what_is_known_of_the_author_counts_before_the_signature():
    good, bad = known(AUTHOR, good=300), known(DKIM, bad=300)
    assert log_odds(good, bad) < -1
    assert log_odds(unknown(AUTHOR), bad) == pytest.approx(log_odds(bad))


def test_good_mail_counts_as_it_goes_on():
    month, week, day = (log_odds(known(IP, good=100, days=days)) for days in (30, 7, 1))
    assert week == pytest.approx(month / 4)
    assert day == pytest.approx(month / 196)


def test_what_is_bad_counts_at_once():
    assert log_odds(known(IP, bad=30, days=0)) == log_odds(known(IP, bad=30, days=60))


@pytest.mark.parametrize("prior", [0.0, 0.001, 0.2])
def test_a_tenth_of_bad_mail_is_no_crime_where_there_is_none_otherwise(prior):
    assert log_odds(known(IP, good=900, bad=100), prior=prior) <= 0


@pytest.mark.parametrize("prior", [0.2, 0.9, 1.0])
def test_a_third_of_bad_mail_is_no_merit_where_there_is_more_otherwise(prior):
    assert log_odds(known(IP, good=660, bad=340), prior=prior) >= 0


@pytest.mark.parametrize("prior", [0.5, 0.9, 1.0])
def test_bad_mail_is_bad_where_all_others_send_it_too(prior):
    assert log_odds(known(IP, bad=100), prior=prior) > 1


def test_malware_counts_by_number_and_share():
    def points(**given):
        return hard_points(dict([known(IP, **given)]))[0]

    assert points(bad=1, hard=1) == 0
    assert 0 < points(bad=3, hard=3) < points(bad=5, hard=5) < points(bad=12, hard=12) == 4
    assert points(good=100_000, bad=200, hard=100) == 0


def test_for_malware_the_author_answers_before_the_address():
    found = dict([known(IP, bad=20, hard=20), known(AUTHOR, good=500)])
    points, worst = hard_points(found)
    assert points == pytest.approx(4 * 0.3)
    assert worst is found[IP]
    assert hard_points({}) == (0, None)
