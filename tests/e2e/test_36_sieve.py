# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's own Sieve files what Postward has judged, by the scripts that come with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from postward.actions.spam_fields import spam_fields
from postward.model.symbol import Symbol
from postward.model.verdict import Decision, Verdict
from tests.mailhost.dovecot import INBOX, DovecotUser
from tests.mailhost.letters import compose, forged_from, genuine
from tests.mailhost.scratch import Scratch

FOLDER = Path(__file__).parents[2] / "conf" / "sieve"
BY_FLAG = FOLDER / "postward-junk.sieve"
BY_SPAMTEST = FOLDER / "postward-junk-spamtest.sieve"
SPAMTEST = FOLDER / "dovecot-spamtest.conf"
LETTER = compose(subject="Hello", author="Somebody <somebody@example.com>")


@pytest.fixture
def by_flag():
    with Scratch() as root, DovecotUser(root / "user", BY_FLAG) as user:
        yield user


@pytest.fixture
def by_spamtest():
    with Scratch() as root, DovecotUser(root / "user", BY_SPAMTEST, SPAMTEST) as user:
        yield user


def judged(verdict, score, *, junk_threshold=5.0, symbols=40):
    """A letter with the fields that Postward writes, lines ended as in the mail store."""
    fields = spam_fields(
        Decision(verdict=verdict, reason="words"),
        tuple(Symbol(name=f"SYMBOL_{number}", score=0.1) for number in range(symbols)),
        score=score,
        junk_threshold=junk_threshold,
        not_checked={"spf": "no answer"},
    )
    return b"".join(field.name.encode() + b": " + field.value + b"\r\n" for field in fields) + LETTER


def test_what_the_host_has_found_to_be_junk_is_filed_and_the_rest_is_not(host, by_flag, by_spamtest):
    junk, good = host.deliver(forged_from(host.world)), host.deliver(genuine(host.world))
    for user in (by_flag, by_spamtest):
        assert user.deliver(junk) == "Junk"
        assert user.deliver(good) == INBOX


def test_a_flag_that_the_sender_has_written_files_nothing(host, by_flag):
    flagged = genuine(host.world)
    flagged = flagged.with_content(b"X-Spam-Flag: YES\r\n" + flagged.content)
    assert by_flag.deliver(flagged.content) == "Junk"
    assert by_flag.deliver(host.deliver(flagged)) == INBOX


@pytest.mark.parametrize("verdict", [Verdict.HAM, Verdict.SUSPECT])
def test_what_is_short_of_junk_stays(by_flag, verdict):
    assert by_flag.deliver(judged(verdict, 4.9)) == INBOX


def test_mail_that_was_not_judged_stays(by_flag, by_spamtest):
    assert by_flag.deliver(LETTER) == INBOX
    assert by_spamtest.deliver(LETTER) == INBOX


def test_junk_is_kept_from_the_scripts_of_the_user(by_flag):
    by_flag.write_own_script('require ["fileinto", "mailbox"]; fileinto :create "Mine";')
    assert by_flag.deliver(judged(Verdict.JUNK, 9)) == "Junk"
    assert by_flag.deliver(judged(Verdict.HAM, 0)) == "Mine"


@pytest.mark.parametrize(
    ("score", "folder"), [(-3.5, INBOX), (0.0, INBOX), (3.88, INBOX), (3.9, "Junk"), (4.999, "Junk")]
)
def test_spamtest_files_what_comes_near_to_junk(by_spamtest, score, folder):
    assert by_spamtest.deliver(judged(Verdict.HAM, score)) == folder


def test_spamtest_follows_the_threshold_of_the_domain(by_spamtest):
    assert by_spamtest.deliver(judged(Verdict.HAM, 4.5, junk_threshold=12.5)) == INBOX
    assert by_spamtest.deliver(judged(Verdict.SUSPECT, 11, junk_threshold=12.5)) == "Junk"


@pytest.mark.parametrize("score", [-2.0, 0.0, 1.5])
def test_junk_for_another_reason_than_its_score_is_filed_whatever_the_score(by_flag, by_spamtest, score):
    assert by_flag.deliver(judged(Verdict.JUNK, score)) == "Junk"
    assert by_spamtest.deliver(judged(Verdict.JUNK, score)) == "Junk"


def asking_for(least):
    """The script, for another number, and without the flag."""
    script = BY_SPAMTEST.read_text().replace('"8"\n', f'"{least}"\n').replace('header :is "X-Spam-Flag" "YES",', "")
    assert script.count(f'"{least}"\n') == 1
    return script


@pytest.mark.parametrize("junk_threshold", [0.1, 2.3, 5.0, 7.1, 100.0])
@pytest.mark.parametrize(("least", "share"), [(2, 0.12), (5, 0.45), (8, 0.78), (10, 1.0)])
def test_spamtest_goes_by_the_share_of_what_is_junk(tmp_path, least, share, junk_threshold):
    path = tmp_path / "other.sieve"
    path.write_text(asking_for(least))
    with Scratch() as root, DovecotUser(root / "user", path, SPAMTEST) as user:
        assert user.deliver(judged(Verdict.HAM, share * junk_threshold, junk_threshold=junk_threshold)) == "Junk"
        below = (share - 0.02) * junk_threshold
        assert user.deliver(judged(Verdict.HAM, below, junk_threshold=junk_threshold)) == INBOX
