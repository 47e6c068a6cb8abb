# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from postward.config.schema.greylisting import GreylistingSection


def section(**values):
    return GreylistingSection.model_validate(values)


def test_by_default_nobody_is_asked_to_come_again():
    found = section()
    assert not found.enabled
    assert (found.delay_s, found.window_s, found.known_days) == (300, 172_800, 35)
    assert (found.ipv4_prefix, found.ipv6_prefix) == (24, 64)
    assert (found.exempt.networks, found.exempt.domains) == ((), ())


def test_a_whole_section():
    found = section(
        enabled=True, delay_s=60, window_s=3_600, known_days=7, ipv4_prefix=19, ipv6_prefix=48,
        exempt={"networks": ("192.0.2.0/24",), "domains": ("Example.COM",)},
    )  # fmt: skip
    assert (found.delay_s, found.window_s, found.known_days) == (60, 3_600, 7)
    assert found.exempt.networks == (ip_network("192.0.2.0/24"),)
    assert found.exempt.domains == ("example.com",)


def test_a_message_that_comes_again_must_not_be_forgotten_by_then():
    assert section(delay_s=1_800, window_s=3_600).window_s == 3_600
    with pytest.raises(ValidationError, match="window_s is shorter than two times delay_s"):
        section(delay_s=1_801, window_s=3_600)


@pytest.mark.parametrize(
    "values",
    [{"ipv4_prefix": 0}, {"ipv4_prefix": 33}, {"ipv6_prefix": 129}, {"delay_s": 0}, {"known_days": 0}, {"delay": 5}],
)
def test_values_that_mean_nothing_are_faults(values):
    with pytest.raises(ValidationError):
        section(**values)
