from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.mail_storm import StormSettings, mail_storm
from postward.model.profile import Profile
from postward.rules.api import Defer
from postward.rules.message.stored import message_from
from tests.plugins.context import TestedContext

TEAM = Profile(address="all@corp.example", kind="group")
BOSS = Profile(address="boss@corp.example")


@pytest.fixture
def context():
    return TestedContext(profiles=[TEAM, BOSS])


def at_recipient(address):
    message = message_from(b"", mail_from="x@outside.example", recipients=[address])
    return replace(message, recipient=message.recipients[0])


def send(context, times, address="all@corp.example", settings=None):
    asked = at_recipient(address)
    answers = [mail_storm(asked, settings or StormSettings(), context) for _ in range(times)]
    return sum(bool(answer) for answer in answers)


def test_the_third_minute_of_a_storm_is_put_off(context):
    assert send(context, 21) == 0
    context.now_s += 60
    assert send(context, 21) == 0
    context.now_s += 120
    assert send(context, 20) == 0
    answer = mail_storm(at_recipient("all@corp.example"), StormSettings(), context)
    assert answer == [Defer(code=452, enhanced="4.7.1", text="Too many messages to this group, please try again later")]


def test_one_busy_minute_is_no_storm(context):
    assert send(context, 200) == 0


def test_a_storm_ends(context):
    for _ in range(3):
        send(context, 25)
        context.now_s += 60
    assert send(context, 1) == 1
    context.now_s += 180
    assert send(context, 1) == 0


def test_minutes_that_are_just_full_are_no_storm(context):
    for _ in range(5):
        assert send(context, 20) == 0
        context.now_s += 60


def test_spellings_of_a_group_count_together(context):
    settings = StormSettings(limit=2, over=1, windows=1)
    assert send(context, 1, "all+a@corp.example", settings) == 0
    assert send(context, 1, "ALL@corp.example", settings) == 0
    assert send(context, 1, "all+b@corp.example", settings) == 1


def test_groups_count_apart_and_people_do_not():
    other = Profile(address="sales@corp.example", kind="group")
    context = TestedContext(profiles=[TEAM, BOSS, other])
    settings = StormSettings(limit=1, over=1, windows=1)
    assert send(context, 2, "all@corp.example", settings) == 1
    assert send(context, 1, "sales@corp.example", settings) == 0
    assert send(context, 9, "boss@corp.example", settings) == 0
    assert send(context, 9, "nobody@corp.example", settings) == 0
    assert set(context.counted) == {"all@corp.example", "sales@corp.example"}


def test_an_address_that_is_named_counts_without_a_directory():
    settings = StormSettings(limit=1, over=1, windows=1, addresses=("Staff@corp.example",))
    assert send(TestedContext(), 2, "staff@CORP.example", settings) == 1


@pytest.mark.parametrize("failing", ["directory_fails", "rates_fail"])
def test_mail_goes_on_while_nobody_counts(failing):
    context = TestedContext(profiles=[TEAM], **{failing: True})
    assert send(context, 30, settings=StormSettings(limit=1, over=1, windows=1)) == 0
    assert "out of reach" in context.logged[0]


def test_at_the_end_of_a_message_each_group_counts_once(context):
    message = message_from(b"", mail_from="x@outside.example", recipients=["all@corp.example", "ALL@corp.example"])
    mail_storm(message, StormSettings(), context)
    assert context.counted == ["all@corp.example"]


@pytest.mark.parametrize("wrong", [{"over": 6}, {"over": 0}, {"windows": 61}, {"limit": 0}, {"window_s": 0.0}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="over must be"):
        StormSettings(**wrong)
