# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.mail_storm import mail_storm
from postward.model.profile import Profile
from postward.rules.api import Defer
from postward.rules.message.stored import message_from
from postward.rules.plugins.definition import PluginError
from tests.plugins.context import Desk, NoCounters, NoDirectory

TEAM = Profile(address="all@corp.example", kind="group")
BOSS = Profile(address="boss@corp.example")


@pytest.fixture
def desk():
    return Desk(mail_storm, profiles=[TEAM, BOSS])


def at_recipient(address):
    message = message_from(b"", mail_from="x@outside.example", recipients=[address])
    return replace(message, recipient=message.recipients[0])


def send(desk, times, address="all@corp.example", **settings):
    asked = at_recipient(address)
    return sum(bool(desk.call(asked, **settings)) for _ in range(times))


def test_the_third_minute_of_a_storm_is_put_off(desk):
    assert send(desk, 21) == 0
    desk.now_s += 60
    assert send(desk, 21) == 0
    desk.now_s += 120
    assert send(desk, 20) == 0
    answer = desk.call(at_recipient("all@corp.example"))
    assert answer == [Defer(code=452, enhanced="4.7.1", text="Too many messages to this group, please try again later")]


def test_one_busy_minute_is_no_storm(desk):
    assert send(desk, 200) == 0


def test_minutes_that_are_just_full_are_no_storm(desk):
    for _ in range(5):
        assert send(desk, 20) == 0
        desk.now_s += 60


def test_a_storm_ends(desk):
    for _ in range(3):
        send(desk, 25)
        desk.now_s += 60
    assert send(desk, 1) == 1
    desk.now_s += 180
    assert send(desk, 1) == 0


AT_ONCE = {"over": 1, "windows": 1}


def test_spellings_of_a_group_count_together(desk):
    assert send(desk, 1, "all+a@corp.example", limit=2, **AT_ONCE) == 0
    assert send(desk, 1, "ALL@corp.example", limit=2, **AT_ONCE) == 0
    assert send(desk, 1, "all+b@corp.example", limit=2, **AT_ONCE) == 1


def test_groups_count_apart_and_people_do_not():
    desk = Desk(mail_storm, profiles=[TEAM, BOSS, Profile(address="sales@corp.example", kind="group")])
    assert send(desk, 2, "all@corp.example", limit=1, **AT_ONCE) == 1
    assert send(desk, 1, "sales@corp.example", limit=1, **AT_ONCE) == 0
    assert send(desk, 9, "boss@corp.example", limit=1, **AT_ONCE) == 0
    assert send(desk, 9, "nobody@corp.example", limit=1, **AT_ONCE) == 0
    assert set(desk.rates.keys) == {"all@corp.example", "sales@corp.example"}


def test_an_address_that_is_named_counts_without_a_directory():
    desk = Desk(mail_storm)
    assert send(desk, 2, "staff@CORP.example", limit=1, **AT_ONCE, addresses=["Staff@corp.example"]) == 1


@pytest.mark.parametrize("broken", [{"directory": NoDirectory()}, {"profiles": [TEAM], "rates": NoCounters()}])
def test_mail_goes_on_while_nobody_counts(broken):
    desk = Desk(mail_storm, **broken)
    assert send(desk, 3, limit=1, **AT_ONCE) == 0
    assert "out of reach" in desk.lines[0]


def test_at_the_end_of_a_message_each_group_counts_once(desk):
    message = message_from(b"", mail_from="x@outside.example", recipients=["all@corp.example", "ALL@corp.example"])
    assert desk.call(message) == []
    assert desk.rates.keys == ["all@corp.example"]


@pytest.mark.parametrize("length", [300, 400, 5000])
def test_an_address_beyond_all_bounds_is_no_group(desk, length):
    assert send(desk, 1, "a" * length + "@corp.example") == 0


@pytest.mark.parametrize(
    "wrong", [{"over": 6}, {"over": 0}, {"windows": 61}, {"limit": 0}, {"window_s": 0}, {"limt": 1}]
)
def test_settings_that_mean_nothing_are_refused(desk, wrong):
    with pytest.raises(PluginError):
        send(desk, 1, **wrong)
