# SPDX-License-Identifier: GPL-3.0-or-later
"""A list that answers as no list should is found out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postward.dns.zone import ZoneLookup
from postward.dns_lists.asking import LookupAsking
from postward.dns_lists.health import ListHealth
from postward.dns_lists.presets.all_presets import PRESETS
from postward.dns_lists.probing import Prober
from tests.clock import Clock
from tests.unit.dns_lists.lists import CLIENTS, DOMAINS, Told

WELL = {"2.0.0.127.bl.example": {"A": "127.0.0.2"}, "test.dbl.example": {"A": "127.0.1.2"}}
RANDOM = 77


class World:
    """Two lists, a clock, and what DNS says."""

    def __init__(self, zones=(CLIENTS, DOMAINS)):
        self.zone = dict(WELL)
        self.clock = Clock()
        self.told = Told()
        self.health = ListHealth(zones, self.clock, self.told)
        self.zones = zones

    def probe(self):
        asking = LookupAsking(ZoneLookup(self.zone))
        Prober(self.zones, asking, self.health, lambda _count: RANDOM).step()

    def faults(self):
        return [self.health.fault(zone) for zone in self.zones]


def test_lists_that_answer_as_they_should_are_believed():
    world = World()
    world.probe()
    assert world.faults() == ["", ""]


@pytest.mark.parametrize(
    ("zone", "fault"),
    [
        ({"2.0.0.127.bl.example": "NONE"}, "2.0.0.127 should be listed and is not"),
        ({"1.0.0.127.bl.example": {"A": "127.0.0.2"}}, "1.0.0.127 is listed and cannot be"),
        ({"77.2.0.192.bl.example": {"A": "127.0.0.2"}}, "77.2.0.192 is listed and cannot be"),
        ({"2.0.0.127.bl.example": ["TIMEOUT"]}, "it does not answer a probe (2.0.0.127)"),
        (
            {"2.0.0.127.bl.example": {"A": "127.255.255.254"}},
            "probed with 2.0.0.127, it refused the question (127.255.255.254)",
        ),
    ],
)
def test_a_list_of_addresses_that_fails_is_switched_off_with_an_alarm(zone, fault):
    world = World()
    world.zone |= zone
    if "NONE" in zone.values():
        del world.zone["2.0.0.127.bl.example"]
    world.probe()
    assert world.faults() == [fault, ""]
    assert world.told.events == [("clients", fault)]


@pytest.mark.parametrize(
    ("zone", "fault"),
    [
        ({"invalid.dbl.example": {"A": "127.0.1.2"}}, "invalid is listed and cannot be"),
        ({"test.dbl.example": {"A": "203.0.113.1"}}, "probed with test, it refused the question (203.0.113.1)"),
    ],
)
def test_so_is_a_list_of_domains(zone, fault):
    world = World()
    world.zone |= zone
    world.probe()
    assert world.faults() == ["", fault]


def test_it_comes_back_by_itself():
    world = World()
    world.zone["1.0.0.127.bl.example"] = {"A": "127.0.0.2"}
    world.probe()
    del world.zone["1.0.0.127.bl.example"]
    world.probe()
    assert world.faults()[0], "it is not asked again at once"
    world.clock.now_s += 60
    world.probe()
    assert world.faults() == ["", ""]
    assert world.told.events[-1] == ("clients", "on")


def test_an_allow_list_that_trusts_all_the_world_is_switched_off():
    dnswl = PRESETS["dnswl"]
    world = World((dnswl,))
    world.zone = {f"{each}.list.dnswl.org": {"A": "127.0.10.3"} for each in ("2.0.0.127", "1.0.0.127", "77.2.0.192")}
    world.probe()
    assert "127.0.10.3" in world.faults()[0]


@pytest.mark.parametrize("zone", PRESETS.values(), ids=PRESETS)
def test_each_preset_is_believed_where_it_answers_as_documented(zone):
    zone = replace(zone, key="key1")
    world = World((zone,))
    listed = {"spamhaus_dbl": "127.0.1.2", "spamhaus_dbl_dqs": "127.0.1.2", "surbl": "127.0.0.254",
              "uribl": "127.0.0.14", "dnswl": "127.0.10.0"}  # fmt: skip
    address = listed.get(zone.name, "127.0.0.2")
    world.zone = {f"{each}.{zone.suffix}": {"A": address} for each in zone.listed}
    world.probe()
    assert world.faults() == [""]
