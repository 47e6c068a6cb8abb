# SPDX-License-Identifier: GPL-3.0-or-later
"""A short soak; ``make soak`` is the long one."""

from __future__ import annotations

from dataclasses import replace

from tests.faults.soak import MIB, Holdings, Look, Soak, growth

MESSAGES = 3_000
MAX_GROWTH_BYTES = 10 * MIB
"""So few messages end within the warm-up, in which heaps and caches fill."""


def test_nothing_grows():
    with Soak() as soak:
        looks = list(soak.run(MESSAGES))
    assert looks[-1].messages == MESSAGES
    assert growth(looks, max_growth_bytes=MAX_GROWTH_BYTES) == []


def look(number, **change):
    held = Holdings(pss_bytes=50 * MIB, descriptors=20, threads=10)
    return Look(messages=number, per_s=1.0, holdings={"workers": replace(held, **change)})


def test_what_grows_is_found():
    flat = [look(number) for number in range(9)]
    assert growth([*flat, look(9)]) == []
    larger = [look(number, pss_bytes=60 * MIB) for number in (9, 10, 11)]
    assert growth([*flat, *larger]) == ["workers: memory by 10.0 MiB"]
    assert growth([*flat, *larger[:2], look(11)]) == []
    assert growth([*flat, look(9, descriptors=40)]) == ["workers: descriptors to 40"]
    assert growth([*flat, look(9, threads=40)]) == ["workers: threads to 40"]
